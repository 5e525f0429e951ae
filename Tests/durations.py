#!/usr/bin/env python3
"""Seconds that each fixture took, summed over its tests: durations.py RESULTS.trx [DEVICE].

The results come from `dotnet test -c Release --logger "trx;LogFileName=/tmp/results.trx"`; with a device, only its fixtures.
"""
import collections
import re
import sys
import xml.etree.ElementTree as xml

names = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}
root = xml.parse(sys.argv[1]).getroot()
classes = {u.get("id"): u.find("t:TestMethod", names).get("className") for u in root.iterfind(".//t:UnitTest", names)}
seconds = collections.Counter()
for result in root.iterfind(".//t:UnitTestResult", names):
    hours, minutes, rest = (result.get("duration") or "0:0:0").split(":")
    seconds[re.sub(r"^.*Tests\.", "", classes[result.get("testId")])] += 3600 * int(hours) + 60 * int(minutes) + float(rest)
for fixture, total in seconds.most_common():
    if len(sys.argv) < 3 or f"({sys.argv[2]})" in fixture.replace('"', ""):
        print(f"{total:8.2f}  {fixture}")
