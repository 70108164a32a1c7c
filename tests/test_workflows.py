"""The workflows of GitHub Pages and CI: what they may do, and their scripts at work."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

# The oldest release of each action that runs on a Node which GitHub still has.
OLDEST = {
    "actions/checkout": 6,
    "actions/configure-pages": 6,
    "actions/deploy-pages": 5,
    "actions/setup-python": 6,
    "actions/upload-artifact": 6,
    "actions/upload-pages-artifact": 5,
}
GIT = {
    "GIT_AUTHOR_NAME": "Editor",
    "GIT_AUTHOR_EMAIL": "editor@example.org",
    "GIT_COMMITTER_NAME": "Editor",
    "GIT_COMMITTER_EMAIL": "editor@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@pytest.fixture(scope="module")
def workflows(project):
    return {
        path.name: yaml.safe_load(path.read_text("utf-8")) for path in (project / ".github/workflows").glob("*.yml")
    }


@pytest.fixture(scope="module")
def pages(workflows):
    return workflows["pages.yml"]


def steps_of(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def step_named(workflow, name):
    return next(step for step in steps_of(workflow) if step.get("name") == name)


def test_actions_run_on_a_node_that_github_has(workflows):
    used = [step["uses"].split("@v") for flow in workflows.values() for step in steps_of(flow) if "uses" in step]
    assert {action for action, _ in used} == set(OLDEST)
    assert [(action, version) for action, version in used if int(version) < OLDEST[action]] == []


def test_only_the_deployment_may_write(workflows):
    allowed = []
    for name, flow in workflows.items():
        places = {"": flow, **flow["jobs"]}
        for job, place in places.items():
            allowed += [(name, job, key) for key, right in place.get("permissions", {}).items() if right == "write"]
    assert sorted(allowed) == [("pages.yml", "deploy", "id-token"), ("pages.yml", "deploy", "pages")]
    assert all("permissions" in flow for flow in workflows.values())


def test_every_job_ends(workflows):
    assert all(job["timeout-minutes"] <= 20 for flow in workflows.values() for job in flow["jobs"].values())


def test_ci_runs_the_tasks_that_people_run(workflows, project):
    runs = " ".join(step.get("run", "") for step in steps_of(workflows["ci.yml"]))
    local = (project / ".ci/run").read_text("utf-8")
    for task in ("make lint", "make test"):
        assert task in runs
        assert task in local


def run_step(step, cwd, env):
    """Run a step's script as GitHub does: bash, stop at the first failure."""
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=cwd,
        env={**os.environ, **GIT, **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def runner(tmp_path):
    """A repository with one committed page, and the files that GitHub gives to a step."""
    repository = tmp_path / "repository"
    (repository / "content").mkdir(parents=True)
    (repository / "content" / "old.md").write_text("old")
    (repository / ".gitignore").write_text("*.new\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "First"]):
        subprocess.run(["git", *command], cwd=repository, env={**os.environ, **GIT}, check=True)
    temp = tmp_path / "temp"
    temp.mkdir()
    return repository, {
        "RUNNER_TEMP": str(temp),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
    }


def read(env, name):
    return Path(env[name]).read_text("utf-8")


def test_summary_lists_pages_that_are_not_committed(pages, runner):
    repository, env = runner
    (repository / "content" / "new.md").write_text("new")
    (repository / "content" / "old.md").write_text("changed")
    (repository / "content" / "old.md.new").write_text("waits")
    done = run_step(step_named(pages, "Summary"), repository, env)
    assert done.returncode == 0, done.stderr
    summary = read(env, "GITHUB_STEP_SUMMARY")
    assert "Not committed yet" in summary
    assert "content/new.md\ncontent/old.md\n" in summary
    assert "git add content" in summary
    assert "old.md.new" not in summary
    assert "uncommitted=yes" in read(env, "GITHUB_OUTPUT")
    kept = step_named(pages, "Keep the new pages")["with"]["path"].replace("${{ runner.temp }}", env["RUNNER_TEMP"])
    assert sorted(path.name for path in Path(kept).iterdir()) == ["new.md", "old.md"]


def test_summary_is_empty_when_all_is_committed(pages, runner):
    repository, env = runner
    assert run_step(step_named(pages, "Summary"), repository, env).returncode == 0
    assert read(env, "GITHUB_STEP_SUMMARY") == ""


def test_summary_repeats_what_the_build_says(pages, runner):
    repository, env = runner
    (repository.parent / "temp" / "problems").write_text("seeds/a.txt:1:1: empty; delete it\n")
    assert run_step(step_named(pages, "Summary"), repository, env).returncode == 0
    assert "seeds/a.txt:1:1: empty; delete it" in read(env, "GITHUB_STEP_SUMMARY")


@pytest.mark.parametrize(
    ("status", "site", "goes_on"),
    [(0, True, True), (1, True, True), (1, False, False), (2, True, False), (4, False, False)],
)
def test_build_step_publishes_what_was_built(pages, runner, tmp_path, status, site, goes_on):
    repository, env = runner
    lines = ['echo "args: $*"', "echo 'seeds/a.txt:1:1: empty; delete it' >&2"]
    if site:
        lines.append("mkdir -p public && touch public/index.html")
    program = tmp_path / "bin" / "python"
    program.parent.mkdir()
    program.write_text("\n".join(["#!/bin/sh", *lines, f"exit {status}"]))
    program.chmod(0o755)
    env |= {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "BASE_URL": "https://example.org/repo"}
    done = run_step(step_named(pages, "Build"), repository, env)
    assert (done.returncode == 0) is goes_on
    assert "--base-url https://example.org/repo/" in done.stdout
    assert "seeds/a.txt:1:1" in done.stderr
    assert f"status={status}" in read(env, "GITHUB_OUTPUT")


@pytest.mark.parametrize(("status", "code"), [("0", 0), ("1", 1)])
def test_last_job_fails_where_something_waits(pages, runner, status, code):
    repository, env = runner
    step = step_named(pages, "Fail where a seed or a page needs an editor")
    assert run_step(step, repository, {**env, "STATUS": status}).returncode == code
