"""The configuration of the small sites that tests make."""

BASE_URL = "https://example.org/repo/"
SMALL_CONFIG = f"""\
title = "小报"
description = "试版"
base_url = "{BASE_URL}"
page_size = 30
footer = "页脚"

[[editions]]
path = "zh-hans"
lang = "zh-Hans"
label = "简体"

[[editions]]
path = "zh-hant"
lang = "zh-Hant"
label = "繁體"
region = "neutral"
"""
