"""Builtins written in jq itself: those that are rarely hot, and those that also give paths."""

from __future__ import annotations

from headrace.expr import syntax as s
from headrace.expr.builtin_table import PRELUDE
from headrace.expr.parser import parse

_SOURCE = r"""
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def finites: select(isfinite);
def normals: select(isnormal);

def while(test; update): def again: if test then ., (update | again) else empty end; again;
def until(test; update): def again: if test then . else (update | again) end; again;
def repeat(f): def again: f, again; again;

def with_entries(f): to_entries | map(f) | from_entries;
def walk(f):
  def again: if type == "object" then map_values(again) elif type == "array" then map(again) else . end | f;
  again;
def combinations:
  if length == 0 then [] else .[0][] as $first | (.[1:] | combinations) as $rest | [$first] + $rest end;
def combinations(n): . as $in | [range(n) | $in] | combinations;

def truncate_stream(events):
  . as $depth | null | events | . as $event
  | if (.[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end;
def fromstream(events):
  foreach events as $event
    ({done: false, value: null};
     if .done then {done: false, value: null} else . end
     | if ($event | length) == 2
       then {done: ($event[0] | length == 0), value: (.value | setpath($event[0]; $event[1]))}
       else .done = ($event[0] | length == 1) end;
     if .done then .value else empty end);

def INDEX(rows; key): reduce rows as $row ({}; .[$row | key | tostring] = $row);
def INDEX(key): INDEX(.[]; key);
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; rows; key): rows | [., $index[key]];
def JOIN($index; rows; key; combine): rows | [., $index[key]] | combine;

def match(re; flags): _match(re; flags; false) | .[];
def match($re): _match_value($re; false) | .[];
def test(re; flags): _match(re; flags; true);
def test($re): _match_value($re; true);
def capture(re; flags): match(re; flags) | _capture_object;
def capture($re): match($re) | _capture_object;
def scan($re; $flags):
  match($re; "g" + $flags) | if (.captures | length) > 0 then [.captures[].string] else .string end;
def scan($re): scan($re; null);
def splits($re; $flags): split($re; $flags) | .[];
def splits($re): splits($re; null);
def sub($re; text; $flags):
  . as $in
  | (reduce match($re; $flags) as $found ({made: [], at: 0};
       $in[.at:$found.offset] as $gap
       | [$found | _capture_object | text] as $new
       | reduce range(0; $new | length) as $i (.; .made[$i] += $gap + $new[$i])
       | .at = $found.offset + $found.length)
     | .made[] + $in[.at:])
    // $in;
def sub($re; text): sub($re; text; "");
def gsub($re; text; $flags): sub($re; text; $flags + "g");
def gsub($re; text): sub($re; text; "g");

def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdate: fromdateiso8601;
def todate: todateiso8601;
def date: todate;
def dateadd(unit; $amount): . + $amount;
def datesub(unit; $amount): . - $amount;
."""


def _load() -> None:
    node = parse(_SOURCE)
    while isinstance(node, s.Define):
        function = node.function
        PRELUDE[function.name, len(function.params)] = function
        node = node.body


_load()
