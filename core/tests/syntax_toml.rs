//! The TOML reader: what it makes of good and of broken texts.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "clippy knows tests, not their helpers")]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crilint_core::fix::{Applicability, Edit};
use crilint_core::syntax::toml::read;
use crilint_core::syntax::{Document, Map, MapStyle, Node, ScalarKind, Value};
use crilint_core::text::{Encoding, LineIndex, Span};
use insta::assert_snapshot;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Problems, then what differs from release to release, then the tree, one entry a line.
fn render(text: &str) -> String {
    let doc = read(text);
    let lines = LineIndex::new(text);
    let mut out = problems(text);
    for (dialect, span) in &doc.dialects {
        writeln!(out, "{} {dialect:?}", place(text, &lines, *span)).unwrap();
    }
    dump(text, &doc.root, &mut out, 0);
    out
}

/// Problems with related places and repairs, of which the changed line is shown.
fn problems(text: &str) -> String {
    let doc = read(text);
    let lines = LineIndex::new(text);
    let mut out = String::new();
    for p in &doc.problems {
        write!(out, "{} {}: {}", place(text, &lines, p.span), p.code, p.message).unwrap();
        if let Some((span, what)) = p.related {
            write!(out, " ({what}: {})", place(text, &lines, span)).unwrap();
        }
        if let Some(help) = &p.help {
            write!(out, "\n    help: {help}").unwrap();
        }
        if let Some(fix) = &p.fix {
            let sure = if fix.applicability == Applicability::Safe { "fix" } else { "maybe" };
            write!(out, "\n    {sure}: {}: {}", fix.title, changed(text, &apply(text, &fix.edits))).unwrap();
        }
        out.push('\n');
    }
    out
}

/// The lines that are new.
fn changed(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    match &after[start..after.len() - end] {
        [] => "(no line)".to_owned(),
        lines => lines.join("⏎").trim().to_owned(),
    }
}

fn place(text: &str, lines: &LineIndex, span: Span) -> String {
    let at = |offset| {
        let p = lines.position(text, offset, Encoding::Char);
        (p.line + 1, p.column + 1)
    };
    let ((line, from), (last, to)) = (at(span.start), at(span.end));
    match (line == last, from == to) {
        (true, true) => format!("{line}:{from}"),
        (true, false) => format!("{line}:{from}-{to}"),
        _ => format!("{line}:{from}-{last}:{to}"),
    }
}

fn dump(text: &str, node: &Node<'_>, out: &mut String, depth: usize) {
    let indent = "  ".repeat(depth);
    match &node.value {
        Value::Missing => writeln!(out, " nothing").unwrap(),
        Value::Scalar(s) => writeln!(out, " {:?} {:?} {:?}", s.kind, s.style, s.text).unwrap(),
        Value::Seq(items) => {
            writeln!(out, " list").unwrap();
            for item in items {
                write!(out, "{indent}-").unwrap();
                dump(text, item, out, depth + 1);
            }
        }
        Value::Map(map) => {
            let headers: Vec<_> = map.headers.iter().map(|h| h.of(text)).collect();
            let headers = if headers.is_empty() { String::new() } else { format!(" {}", headers.join(" ")) };
            writeln!(out, " {:?}{headers}", map.style).unwrap();
            for e in &map.entries {
                write!(out, "{indent}{} =", e.key).unwrap();
                dump(text, &e.value, out, depth + 1);
            }
        }
    }
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for e in edits {
        out.push_str(&text[at..e.span.start as usize]);
        out.push_str(&e.text);
        at = e.span.end as usize;
    }
    out + &text[at..]
}

const CONTROL: &str = "a = 1\u{1}\n# x\u{1}y\nb = \"c\u{1}\"\nc = 1\rd = 2\r";

#[test]
fn control_characters() {
    assert_snapshot!(problems(CONTROL), @r###"
1:6-7 control-character: control character U+0001 outside a string
    help: such characters come along when text is copied from documents or chats
    fix: Remove it: a = 1
2:4-5 control-character: control character U+0001 in a comment
    fix: Remove it: # xy
3:7-8 control-character: control character U+0001 in a string
    fix: Write it as an escape: b = "c\u0001"
4:6-7 carriage-return: a carriage return without a line feed does not end a line
    fix: Use Unix line ends: c = 1⏎d = 2
"###);
}

const HEADERS_ARE_MENDED: &str = r###"[a
x = 1
[[b]
y = 1
[c]]
[]
[ d.e ] # ok
[f g]
[h] z = 1
[i = 1]
"###;

#[test]
fn headers_are_mended() {
    assert_snapshot!(render(HEADERS_ARE_MENDED), @r###"
1:1-3 unclosed-header: the header `[a` is never closed
    fix: Close it with `]`: [a]
3:1-5 unclosed-header: the header `[[b]` is never closed
    fix: Close it with `]`: [[b]]
5:4-5 stray-bracket: the header `[c]` is closed once too often
    fix: Remove the bracket: [c]
6:1-3 empty-header: the header `[]` names no table
    help: write the name of the table between the brackets
8:1-6 invalid-header: `[f g]` is no valid table header
    help: parts of a name are joined by dots; a part with blanks or brackets must be in quotes
9:5-6 missing-newline: `z = 1` must start on a line of its own
    fix: Start a new line: [h]⏎z = 1
10:1-8 invalid-header: `[i = 1]` is no valid table header
    help: parts of a name are joined by dots; a part with blanks or brackets must be in quotes
 Root
a = Table [a
  x = Integer Plain "1"
b = list
  - Table [[b]
    y = Integer Plain "1"
c = Table [c]]
d = Table
  e = Table [ d.e ]
f = Table [f g]
h = Table [h]
  z = Integer Plain "1"
i = Table [i = 1]
"###);
}

const HALF_QUOTED_IDS_IN_HEADERS_ARE_COMPLETED: &str = r###"[plugins."io.containerd.grpc.v1.cri]
a = 1
[plugins."io.containerd.grpc.v1.cri.registry]
b = 1
[plugins.io.containerd.grpc.v1.cri".containerd]
c = 1
[host.https://registry-1.docker.io]
d = 1
[plugins.x.mirrors.docker.io:5000]
"###;

#[test]
fn half_quoted_ids_in_headers_are_completed() {
    assert_snapshot!(render(HALF_QUOTED_IDS_IN_HEADERS_ARE_COMPLETED), @r###"
1:10-36 unclosed-string: a quote is opened in this header and never closed
    help: write `[plugins."io.containerd.grpc.v1.cri"]`
    fix: Close the string: [plugins."io.containerd.grpc.v1.cri"]
3:10-36 unclosed-string: a quote is opened in this header and never closed
    help: write `[plugins."io.containerd.grpc.v1.cri".registry]`
    fix: Close the string: [plugins."io.containerd.grpc.v1.cri".registry]
5:10-36 missing-quote: `io.containerd.grpc.v1.cri"` has a closing quote but no opening one
    help: write `[plugins."io.containerd.grpc.v1.cri".containerd]`
    fix: Put a quote before it: [plugins."io.containerd.grpc.v1.cri".containerd]
7:7-35 invalid-key: `https://registry-1.docker.io` has a `:` in it, so it needs quotes
    fix: Quote it: [host."https://registry-1.docker.io"]
9:20-34 invalid-key: `docker.io:5000` has a `:` in it, so it needs quotes
    fix: Quote it: [plugins.x.mirrors."docker.io:5000"]
 Root
plugins = Table
  io.containerd.grpc.v1.cri = Table [plugins."io.containerd.grpc.v1.cri]
    a = Integer Plain "1"
    registry = Table [plugins."io.containerd.grpc.v1.cri.registry]
      b = Integer Plain "1"
    containerd = Table [plugins.io.containerd.grpc.v1.cri".containerd]
      c = Integer Plain "1"
  x = Table
    mirrors = Table
      docker.io:5000 = Table [plugins.x.mirrors.docker.io:5000]
host = Table
  https://registry-1.docker.io = Table [host.https://registry-1.docker.io]
    d = Integer Plain "1"
"###);
}

const BRACKETS_LEFT_OPEN_DO_NOT_SWALLOW_WHAT_FOLLOWS: &str = r###"a = [1, 2
b = 3
c = [
  "x",
  "y" # last
[d]
e = 1
  f = [
    "z",
[[g]]
i = { a = 1, b = 2
j = 1
k = { a = 1,
  b = 2,
}
m = { a = [1, 2 }
n = [ { a = 1 ]
o = [ 1 }
last = [ "x"
"###;

#[test]
fn brackets_left_open_do_not_swallow_what_follows() {
    assert_snapshot!(render(BRACKETS_LEFT_OPEN_DO_NOT_SWALLOW_WHAT_FOLLOWS), @r###"
1:5-6 unclosed-bracket: the list opened here is never closed (the next entry: 2:1-2)
    help: put `]` behind its last item
    fix: Close it with `]`: a = [1, 2]
3:5-6 unclosed-bracket: the list opened here is never closed (the next entry: 6:1-2)
    help: put `]` behind its last item
    fix: Close it with `]`: "y"⏎] # last
8:7-8 unclosed-bracket: the list opened here is never closed (the next entry: 10:1-2)
    help: put `]` behind its last item
    fix: Close it with `]`: ]
11:5-6 unclosed-bracket: the inline table opened here is never closed (the next entry: 12:1-2)
    help: put `}` behind its last item
    fix: Close it with `}`: i = { a = 1, b = 2 }
16:11-12 unclosed-bracket: the list opened here is never closed (the next entry: 16:17-18)
    help: put `]` behind its last item
    fix: Close it with `]`: m = { a = [1, 2] }
17:7-8 unclosed-bracket: the inline table opened here is never closed (the next entry: 17:15-16)
    help: put `}` behind its last item
    fix: Close it with `}`: n = [ { a = 1 } ]
18:9-10 mismatched-bracket: the list is closed with `}` (opened here: 18:5-6)
    fix: Write `]`: o = [ 1 ]
19:8-9 unclosed-bracket: the list opened here is never closed
    help: put `]` behind its last item
    fix: Close it with `]`: last = [ "x" ]
13:5-15:2 MultilineInlineTable
13:5-15:2 InlineTableComma
 Root
a = list
  - Integer Plain "1"
  - Integer Plain "2"
b = Integer Plain "3"
c = list
  - String Double "x"
  - String Double "y"
d = Table [d]
  e = Integer Plain "1"
  f = list
    - String Double "z"
g = list
  - Table [[g]]
    i = Inline
      a = Integer Plain "1"
      b = Integer Plain "2"
    j = Integer Plain "1"
    k = Inline
      a = Integer Plain "1"
      b = Integer Plain "2"
    m = Inline
      a = list
        - Integer Plain "1"
        - Integer Plain "2"
    n = list
      - Inline
        a = Integer Plain "1"
    o = list
      - Integer Plain "1"
    last = list
      - String Double "x"
"###);
}

const COMMAS_AND_PAIRS: &str = r###"f = [ "x" "y",, "z" ]
g = [ , "x" ]
h = [
  "x"
  "y"
]
i = 1,
k = { a = 1 b = 2 }
l = { "a": 1, b : 2 }
p = [ a = 1, b = 2 ]
q = { a, b }
u = {
  a = 1
  b = 2
}
r = "x", "y"
s = 1 ]
}
, t = 1
v = ["a"; "b"]
w = 16,384
x = 2 [t] a = 1
"###;

#[test]
fn commas_and_pairs() {
    assert_snapshot!(render(COMMAS_AND_PAIRS), @r###"
1:10 missing-comma: a comma is missing before `"y"`
    fix: Insert a comma: f = [ "x", "y",, "z" ]
1:15-16 stray-comma: this comma separates nothing
    fix: Remove the comma: f = [ "x" "y", "z" ]
2:7-8 stray-comma: this comma separates nothing
    fix: Remove the comma: g = [  "x" ]
4:6 missing-comma: a comma is missing before `"y"`
    fix: Insert a comma: "x",
7:6-7 stray-comma: the value takes no comma behind it
    fix: Remove the comma: i = 1
8:12 missing-comma: a comma is missing before `b`
    fix: Insert a comma: k = { a = 1, b = 2 }
9:10-11 missing-equals: a colon stands behind `"a"`, where TOML wants `=`
    fix: Write `=`: l = { "a" = 1, b : 2 }
9:17-18 missing-equals: a colon stands behind `b`, where TOML wants `=`
    fix: Write `=`: l = { "a": 1, b = 2 }
10:9-10 unexpected-equals: a list holds values, not `key = value`
    help: put the pair in braces: `[ { key = value } ]`
10:16-17 unexpected-equals: a list holds values, not `key = value`
    help: put the pair in braces: `[ { key = value } ]`
11:7-11 missing-equals: `a, b` is no `key = value`, as braces hold
    help: put lists in brackets: `[ "a", "b" ]`
13:8 missing-comma: a comma is missing before `b`
    fix: Insert a comma: a = 1,
16:8-13 text-after-value: several values need brackets around them
    help: write `key = [ "a", "b" ]`
17:7-8 stray-bracket: `]` closes nothing
    help: remove it, or add the bracket that should open it
18:1-2 stray-bracket: `}` closes nothing
    help: remove it, or add the bracket that should open it
19:1-2 stray-comma: this comma separates nothing
    fix: Remove the comma: t = 1
20:9-10 stray-semicolon: items are separated by `,`
    fix: Put a comma: v = ["a", "b"]
21:7-11 text-after-value: a number takes no comma inside
    help: leave the comma out, or put the numbers in brackets if they are several
22:7-8 missing-newline: `[t] a = 1` must start on a line of its own
    fix: Start a new line: x = 2⏎[t] a = 1
22:11-12 missing-newline: `a = 1` must start on a line of its own
    fix: Start a new line: x = 2 [t]⏎a = 1
11:5-13 InlineTableComma
12:5-15:2 MultilineInlineTable
 Root
f = list
  - String Double "x"
  - String Double "y"
  - String Double "z"
g = list
  - String Double "x"
h = list
  - String Double "x"
  - String Double "y"
i = Integer Plain "1"
k = Inline
  a = Integer Plain "1"
  b = Integer Plain "2"
l = Inline
  a = Integer Plain "1"
  b = Integer Plain "2"
p = list
q = Inline
u = Inline
  a = Integer Plain "1"
  b = Integer Plain "2"
r = String Double "x"
s = Integer Plain "1"
t = Integer Plain "1"
v = list
  - String Double "a"
  - String Double "b"
w = Integer Plain "16"
x = Integer Plain "2"
t = Table [t]
  a = Integer Plain "1"
"###);
}

const STRINGS_LEFT_OPEN_END_WITH_THEIR_LINE: &str = r###"a = "foo
b = 'bar # note
c = ["x, "y"]
d = ["x", "y]
e = """abc
f = 1
g = "say "hi" now"
h = "C:\dir\"
i = "foo'
j = foo"
k = '''
text
[l]
m = "
"###;

#[test]
fn strings_left_open_end_with_their_line() {
    assert_snapshot!(render(STRINGS_LEFT_OPEN_END_WITH_THEIR_LINE), @r###"
1:5-9 unclosed-string: the string `"foo` is never closed
    help: put `"` at its end
    fix: Close the string: a = "foo"
2:5-9 unclosed-string: the string `'bar` is never closed
    help: put `'` at its end
    maybe: Close the string: b = 'bar' # note
3:6-13 unbalanced-quotes: the quotes of `"x, "y"` do not pair up
    help: each text needs a quote on both sides, and a comma before the next
4:11-13 unclosed-string: the string `"y` is never closed
    help: put `"` at its end
    fix: Close the string: d = ["x", "y"]
5:5-11 unclosed-string: the text that starts with `"""abc` is never closed
    help: put """ at its end
    fix: Close it with """: e = """abc"""
7:5-19 inner-quotes: a quote inside ends the string `"say "hi" now"` too early
    help: put the string in `'`
    fix: Use `'` outside: g = 'say "hi" now'
8:5-14 unclosed-string: `\"` is an escaped quote, so this string has no end
    help: in single quotes, backslashes mean themselves
    fix: Use `'` on both sides: h = 'C:\dir\'
9:5-10 mismatched-quotes: the string opens with `"` and closes with `'`
    fix: Use `"` on both sides: i = "foo"
10:5-9 missing-quote: `foo"` has a closing quote but no opening one
    fix: Put a quote before it: j = "foo"
11:5-12:5 unclosed-string: the text that starts with `''' …` is never closed
    help: put ''' at its end
14:5-6 unclosed-string: the string `"` is never closed
    help: put `"` at its end
    fix: Close the string: m = ""
 Root
a = String Double "foo"
b = String Single "bar"
c = list
  - String Double "x, "
d = list
  - String Double "x"
  - String Double "y"
e = String Block "abc"
f = Integer Plain "1"
g = String Double "say \"hi\" now"
h = String Double "C:\\dir\\"
i = String Double "foo"
j = String Plain "foo"
k = String Block "text"
l = Table [l]
  m = String Double ""
"###);
}

const STRINGS_OVER_LINES: &str = r###"a = "x
  y"
b = 'x
y

c = 1'
"###;

#[test]
fn strings_over_lines() {
    assert_snapshot!(render(STRINGS_OVER_LINES), @r###"
1:5-2:5 multiline-string: a string over several lines needs triple quotes
    fix: Use """: a = """x⏎  y"""
3:5-7 unclosed-string: the string `'x` is never closed
    help: put `'` at its end
    fix: Close the string: b = 'x'
4:1-2 missing-equals: `y` has neither `=` nor a value
    help: write `key = value`, or put `#` before the line
6:5-7 missing-quote: `1'` has a closing quote but no opening one
    fix: Put a quote before it: c = '1'
 Root
a = String Double "x\n  y"
b = String Single "x"
c = String Plain "1"
"###);
}

const EQUALS_SIGNS: &str = r###"version: 2
"a": 1
b:true
c : "x"
key: value
plugins:
root "/var"
level  2
debug
d == 1
e := 2
f:= 3
g => 4
= 5
"###;

#[test]
fn equals_signs() {
    assert_snapshot!(render(EQUALS_SIGNS), @r###"
1:8-9 missing-equals: a colon stands behind `version`, where TOML wants `=`
    fix: Write `=`: version = 2
2:4-5 missing-equals: a colon stands behind `"a"`, where TOML wants `=`
    fix: Write `=`: "a" = 1
3:2-3 missing-equals: a colon stands behind `b`, where TOML wants `=`
    fix: Write `=`: b = true
4:3-4 missing-equals: a colon stands behind `c`, where TOML wants `=`
    fix: Write `=`: c = "x"
5:4-5 missing-equals: a colon stands behind `key`, where TOML wants `=`
    fix: Write `=`: key = value
5:6-11 unquoted-string: `value` needs quotes, as all text does
    help: write `"value"`
    fix: Quote it: key: "value"
6:8-9 missing-equals: the colon behind `plugins` is YAML
    help: write `[plugins]` for a table, or `=` and a value
7:5 missing-equals: `=` is missing between `root` and its value
    fix: Insert `=`: root = "/var"
8:6 missing-equals: `=` is missing between `level` and its value
    fix: Insert `=`: level = 2
9:1-6 missing-equals: `debug` has neither `=` nor a value
    help: write `key = value`, or put `#` before the line
10:3-5 wrong-equals: `==` is written `=` in TOML
    fix: Write `=`: d = 1
11:3-5 wrong-equals: `:=` is written `=` in TOML
    fix: Write `=`: e = 2
12:2-3 wrong-equals: `:=` is written `=` in TOML
    fix: Write `=`: f= 3
13:3-5 wrong-equals: `=>` is written `=` in TOML
    fix: Write `=`: g = 4
14:1 missing-key: there is no key before `=`
 Root
version = Integer Plain "2"
a = Integer Plain "1"
b = Bool Plain "true"
c = String Double "x"
key = String Plain "value"
root = String Double "/var"
level = Integer Plain "2"
d = Integer Plain "1"
e = Integer Plain "2"
f = Integer Plain "3"
g = Integer Plain "4"
"###);
}

const YAML_LISTS: &str = r###"imports:
  - "/etc/a.toml"
  - b
- c
- d e
[t]
"###;

#[test]
fn yaml_lists() {
    assert_snapshot!(render(YAML_LISTS), @r###"
1:8-9 missing-equals: the list under `imports` is YAML
    help: write `imports = [ "a", "b" ]`
 Root
t = Table [t]
"###);
}

const LINES_OF_OTHER_THINGS: &str = r###"```toml
cat <<EOF > /etc/containerd/config.toml
some prose here
and more prose

a = 1
EOF
"###;

#[test]
fn lines_of_other_things() {
    assert_snapshot!(render(LINES_OF_OTHER_THINGS), @r###"
1:1-8 markdown-fence: ````toml` is Markdown around the configuration, not part of it
    fix: Remove the line: (no line)
2:1-4:15 unexpected-text: `cat <<EOF > /etc/containerd/config.toml` is neither `key = value` nor a `[table]`
    help: put `#` before each line of a comment
7:1-4 missing-equals: `EOF` has neither `=` nor a value
    help: write `key = value`, or put `#` before the line
 Root
a = Integer Plain "1"
"###);
}

const VALUES_LEFT_OUT: &str = r###"a =
b = # nothing
c = 1 d = 2
  e = "x" [f]
g = "x" y
j = "x";
k = 1; l = 2
m =
  "v"
n = { o = }
"###;

#[test]
fn values_left_out() {
    assert_snapshot!(render(VALUES_LEFT_OUT), @r###"
1:4 missing-value: `a =` has no value
    help: write the value, or put `#` before the line to leave the key unset
2:4 missing-value: `b =` has no value
    help: write the value, or put `#` before the line to leave the key unset
3:7-8 missing-newline: `d = 2` must start on a line of its own
    fix: Start a new line: c = 1⏎d = 2
4:11-12 missing-newline: `[f]` must start on a line of its own
    fix: Start a new line: e = "x"⏎  [f]
5:9-10 text-after-value: `y` does not belong behind the value
    help: start a new line for another entry, or put `#` before a comment
6:8-9 stray-semicolon: a line of TOML does not end with `;`
    fix: Remove it: j = "x"
7:6-7 stray-semicolon: a line of TOML does not end with `;`
    fix: Start a new line: k = 1⏎ l = 2
8:4 missing-value: the value must start on the line of its key
    fix: Join the lines: m = "v"
10:10 missing-value: a value is missing here
    help: write the value, or put `#` before the line to leave the key unset
 Root
a = nothing
b = nothing
c = Integer Plain "1"
d = Integer Plain "2"
e = String Double "x"
f = Table [f]
  g = String Double "x"
  j = String Double "x"
  k = Integer Plain "1"
  l = Integer Plain "2"
  m = String Double "v"
  n = Inline
    o = nothing
"###);
}

const WORDS_AND_NUMBERS: &str = r###"level = debug
t = True
y = yes
n = null
p = /var/lib/x.y
s = 10s
a = [foo, bar baz]
z = 0123
z9 = 09
f = .5
x = 0X1F
m = 99999999999999999999
d = 2020-13-01
u = <true|false>
w = { ... }
host = https://docker.io
k = C:\opt\cni
"###;

#[test]
fn words_and_numbers() {
    assert_snapshot!(render(WORDS_AND_NUMBERS), @r###"
1:9-14 unquoted-string: `debug` needs quotes, as all text does
    help: write `"debug"`
    fix: Quote it: level = "debug"
2:5-9 invalid-boolean: `True` is no boolean in TOML: only lower case counts
    fix: Write `true`: t = true
3:5-8 invalid-boolean: `yes` is no boolean in TOML: write `true`, or quote it if text is wanted
    maybe: Write `true`: y = true
4:5-9 null-value: `null` is not known to TOML, which has no null
    help: remove the line to leave the key unset
5:5-17 unquoted-string: `/var/lib/x.y` needs quotes, as all text does
    help: write `"/var/lib/x.y"`
    fix: Quote it: p = "/var/lib/x.y"
6:5-8 unquoted-string: `10s` needs quotes, as all text does
    help: write `"10s"`
    fix: Quote it: s = "10s"
7:6-9 unquoted-string: `foo` needs quotes, as all text does
    help: write `"foo"`
    fix: Quote it: a = ["foo", bar baz]
7:11-18 unquoted-string: `bar baz` needs quotes, as all text does
    help: write `"bar baz"`
    fix: Quote it: a = [foo, "bar baz"]
8:5-9 leading-zero: `0123` starts with a zero, which TOML forbids
    help: write `123`, or `0o123` if an octal number such as a file mode is meant
9:6-8 leading-zero: `09` starts with a zero, which TOML forbids
    fix: Drop the zeros: z9 = 9
10:5-7 invalid-number: `.5` is no valid number
    fix: Write `0.5`: f = 0.5
11:5-9 invalid-number: `0X1F` is no valid number
    fix: Write `0x1F`: x = 0x1F
12:5-25 integer-range: `99999999999999999999` is too large for a number
    help: whole numbers go from -9223372036854775808 to 9223372036854775807
13:5-15 invalid-date: `2020-13-01` is no valid date or time
    help: quote it if text is wanted
14:5-17 placeholder: `<true|false>` is a placeholder, not a value
    help: put the real value in its place, or remove the line
15:7-10 placeholder: `...` is a placeholder, not an entry
    help: write the entries that are meant
16:8-25 unquoted-string: `https://docker.io` needs quotes, as all text does
    help: write `"https://docker.io"`
    fix: Quote it: host = "https://docker.io"
17:5-15 unquoted-string: `C:\opt\cni` needs quotes, as all text does
    help: write `'C:\opt\cni'`
    fix: Quote it: k = 'C:\opt\cni'
15:5-12 InlineTableComma
 Root
level = String Plain "debug"
t = Bool Plain "True"
y = Bool Plain "yes"
n = Null Plain "null"
p = String Plain "/var/lib/x.y"
s = String Plain "10s"
a = list
  - String Plain "foo"
  - String Plain "bar baz"
z = Integer Plain "0123"
z9 = Integer Plain "09"
f = Float Plain ".5"
x = Integer Plain "0X1F"
m = Integer Plain "99999999999999999999"
d = Datetime Plain "2020-13-01"
u = String Plain "<true|false>"
w = Inline
host = String Plain "https://docker.io"
k = String Plain "C:\\opt\\cni"
"###);
}

const OTHER_QUOTES: &str = r###"a = “foo”
b = ‘C:\bar’
[plugins.“io.x”]
c = "foo”
d = `x`
e = \"foo\"
"""k""" = 1
"###;

#[test]
fn other_quotes() {
    assert_snapshot!(render(OTHER_QUOTES), @r###"
1:5-10 smart-quotes: `“foo”` has typographic quotes, which TOML does not know
    fix: Use plain quotes `"`: a = "foo"
2:5-13 smart-quotes: `‘C:\bar’` has typographic quotes, which TOML does not know
    fix: Use plain quotes `'`: b = 'C:\bar'
3:10-16 smart-quotes: `“io.x”` has typographic quotes, which TOML does not know
    fix: Use plain quotes `"`: [plugins."io.x"]
4:5-10 smart-quotes: the closing quote `”` is typographic, which TOML does not know
    fix: Use `"` on both sides: c = "foo"
5:5-8 smart-quotes: backticks are no quotes in TOML
    fix: Use plain quotes `"`: d = "x"
6:5-12 escaped-quotes: quotes around a key or value take no backslash
    fix: Use plain quotes `"`: e = "foo"
7:1-8 block-key: a key cannot stand in triple quotes
    fix: Use single ones: "k" = 1
 Root
a = String Double "foo"
b = String Single "C:\\bar"
plugins = Table
  io.x = Table [plugins.“io.x”]
    c = String Double "foo"
    d = String Double "x"
    e = String Double "foo"
    k = Integer Plain "1"
"###);
}

const SIGNS_OF_OTHER_LANGUAGES: &str = "bin\\_dir\\_x = \"y\"\n\\[plugins\\]\na\\_b = foo\\_bar\nna\u{200b}me = 1\n\u{a0}\u{a0}c = 1\u{a0}# indented with no-break spaces\nd = \"a\u{a0}b\" # fine inside\ne\u{feff} = 1\n";

#[test]
fn signs_of_other_languages() {
    assert_snapshot!(render(SIGNS_OF_OTHER_LANGUAGES), @r###"
1:4-6 markdown-escape: the backslash before `_` comes from Markdown and has no place here
    fix: Remove the backslash: bin_dir_x = "y"
2:1-3 markdown-escape: the backslash before `[` comes from Markdown and has no place here
    fix: Remove the backslash: [plugins]
3:2-4 markdown-escape: the backslash before `_` comes from Markdown and has no place here
    fix: Remove the backslash: a_b = foo_bar
3:8-16 unquoted-string: `foo\_bar` needs quotes, as all text does
    help: write `"foo_bar"`
    fix: Quote it: a\_b = "foo_bar"
4:3-4 invisible-character: invisible character U+200B outside a string
    help: such characters come along when text is copied from documents or chats
    fix: Remove it: name = 1
5:1-2 invisible-character: no-break space (U+00A0) outside a string: it only looks like a blank
    help: such characters come along when text is copied from documents or chats
    fix: Put a plain blank: c = 1 # indented with no-break spaces
7:2-3 invisible-character: invisible character U+FEFF outside a string
    help: such characters come along when text is copied from documents or chats
    fix: Remove it: e = 1
 Root
bin_dir_x = String Double "y"
plugins = Table [plugins\]
  a_b = String Plain "foo_bar"
  name = Integer Plain "1"
  c = Integer Plain "1"
  d = String Double "a\u{a0}b"
  e = Integer Plain "1"
"###);
}

const COMMENTS_OF_OTHER_LANGUAGES: &str = r###"// comment
; other
a = 1 // trailing
b = [ "x", // in a list
  "y" ]
c = 1 /* block */
d = "//" # fine inside
"###;

#[test]
fn comments_of_other_languages() {
    assert_snapshot!(render(COMMENTS_OF_OTHER_LANGUAGES), @r###"
1:1-3 comment-marker: `//` does not start a comment in TOML
    help: comments start with `#`
    fix: Start the comment with `#`: # comment
2:1-2 comment-marker: `;` does not start a comment in TOML
    help: comments start with `#`
    fix: Start the comment with `#`: # other
3:7-9 comment-marker: `//` does not start a comment in TOML
    help: comments start with `#`
    fix: Start the comment with `#`: a = 1 # trailing
4:12-14 comment-marker: `//` does not start a comment in TOML
    help: comments start with `#`
    fix: Start the comment with `#`: b = [ "x", # in a list
6:7-9 comment-marker: `/*` does not start a comment in TOML
    help: comments start with `#`
    fix: Start the comment with `#`: c = 1 # block
 Root
a = Integer Plain "1"
b = list
  - String Double "x"
  - String Double "y"
c = Integer Plain "1"
d = String Double "//"
"###);
}

const ESCAPES_IN_STRINGS: &str = r###"a = "C:\Program Files"
b = "bin\_dir"
c = "it's \d"
d = "\u12"
e = 'ok\d'
f = "C:\users"
"###;

#[test]
fn escapes_in_strings() {
    assert_snapshot!(render(ESCAPES_IN_STRINGS), @r###"
1:8-10 invalid-escape: `\P` is no escape sequence: in double quotes a backslash must be doubled
    help: in single quotes backslashes mean themselves: `'C:\Program Files'`
    fix: Use single quotes: a = 'C:\Program Files'
2:9-11 invalid-escape: `\_` is no escape sequence: in double quotes a backslash must be doubled
    help: the backslash comes from Markdown
    fix: Remove the backslash: b = "bin_dir"
3:11-13 invalid-escape: `\d` is no escape sequence: in double quotes a backslash must be doubled
    help: write `\\` for a backslash
    maybe: Double the backslash: c = "it's \\d"
4:6-10 invalid-escape: `\u12` does not name a character: `\u` takes four hexadecimal digits, `\U` eight
    help: write `\\` for a backslash
    maybe: Double the backslash: d = "\\u12"
6:8-10 invalid-escape: `\u` does not name a character: `\u` takes four hexadecimal digits, `\U` eight
    help: in single quotes backslashes mean themselves: `'C:\users'`
    fix: Use single quotes: f = 'C:\users'
 Root
a = String Double "C:\\Program Files"
b = String Double "bin\\_dir"
c = String Double "it's \\d"
d = String Double "�"
e = String Single "ok\\d"
f = String Double "C:�sers"
"###);
}

const TEMPLATES: &str = r###"{{ if .X }}
a = {{ .Y }}
a = "{{ .Z }}"
{{ end }}
[plugins.{{ p }}]
c = ${FOO}
d = "x{{ "y" }}"
e = [{% for x in y %}"{{ x }}",{% endfor %}]
f = "${A:-"b"}"
g = $HOME
h = %q
bad = oops
"###;

#[test]
fn templates() {
    assert_snapshot!(render(TEMPLATES), @r###"
1:1-12 template: `{{ if .X }}` is a template marker, so this is not TOML yet
    help: check the file that comes out of the template; what could be read is checked anyway
12:7-11 unquoted-string: `oops` needs quotes, as all text does
    help: write `"oops"`
    fix: Quote it: bad = "oops"
 Root
a = String Plain "{{ .Y }}"
a = String Double "{{ .Z }}"
plugins = Table
  {{ p }} = Table [plugins.{{ p }}]
    c = String Plain "${FOO}"
    d = String Double "x{{ \"y\" }}"
    e = list
      - String Double "{{ x }}"
    f = String Double "${A:-\"b\"}"
    g = String Plain "$HOME"
    h = String Plain "%q"
    bad = String Plain "oops"
"###);
}

const CONFLICTS: &str = r###"a = 1
<<<<<<< HEAD
b = 2
=======
b = 3
>>>>>>> other
c = 4
"###;

#[test]
fn conflicts() {
    assert_snapshot!(render(CONFLICTS), @r###"
2:1-13 conflict-marker: unresolved Git merge conflict: no version of this part was chosen (up to here: 6:1-14)
    help: keep one of the two versions, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`
 Root
a = Integer Plain "1"
b = Integer Plain "2"
b = Integer Plain "3"
c = Integer Plain "4"
"###);
}

const CLASHES: &str = r###"a = 1
a = 2
b = 1
b = 1
[t]
x = 1
[t]
x = 2
y = 2
[a.b]
[[t]]
c.d = 1
i = { x = 1 }
[t.i.z]
[t.c]
[u.v]
[u]
v.w = 1
v = 2
[u.v.x]
"###;

#[test]
fn clashes() {
    assert_snapshot!(render(CLASHES), @r###"
2:1-2 duplicate-key: key `a` is set twice (first set here: 1:1-2)
    help: keep the one that should count, and remove the other
4:1-2 duplicate-key: key `b` is set twice (first set here: 3:1-2)
    help: both have the same value, so one can go
    fix: Remove the second one: (no line)
7:1-4 duplicate-table: the table `[t]` is defined twice (first defined here: 5:1-4)
    help: move the entries to the first definition, and remove this header
10:2-3 not-a-table: `a` is an integer, so nothing can be put under it (set here: 2:1-2)
    help: rename one of the two, or remove the one that is not wanted
11:1-6 duplicate-table: `[[t]]` cannot stand beside headers of the form `[…]` for the same name (first defined here: 5:2-3)
    help: `[…]` and `[[…]]` make different things: choose one of them for all
14:4-5 not-a-table: the inline table `i` is complete, so nothing can be added to it (set here: 13:1-2)
    help: write all its entries between its braces, or make it a `[table]`
15:1-6 duplicate-table: the table `[t.c]` was made by a dotted key before (first defined here: 12:1-2)
    help: move the entries to the first definition, and remove this header
18:1-2 closed-table: a dotted key cannot add to the table `v`, which has a header of its own (its header: 16:1-6)
    help: move the entry under that header
19:1-2 duplicate-key: `v` is already a table (the table: 16:4-5)
    help: rename one of the two, or remove the one that is not wanted
12:1-4 DottedKey
18:1-4 DottedKey
 Root
a = Integer Plain "1"
a = Integer Plain "2"
b = Integer Plain "1"
b = Integer Plain "1"
t = Table [t] [t]
  x = Integer Plain "1"
  x = Integer Plain "2"
  y = Integer Plain "2"
a = Table
  b = Table [a.b]
t = list
  - Table [[t]]
    c = Dotted [t.c]
      d = Integer Plain "1"
    i = Inline
      x = Integer Plain "1"
    i = Table
      z = Table [t.i.z]
u = Table [u]
  v = Table [u.v]
    w = Integer Plain "1"
    x = Table [u.v.x]
  v = Integer Plain "2"
"###);
}

const KEYS: &str = r###"a..b = 1
.c = 2
foo/bar = 3
foo bar = 4
café = 5
"a"b = 6
"###;

#[test]
fn keys() {
    assert_snapshot!(render(KEYS), @r###"
1:2-3 empty-key: a name is missing beside this dot
    help: remove the dot, or write `""` if the name really is empty
2:1-2 empty-key: a name is missing beside this dot
    help: remove the dot, or write `""` if the name really is empty
3:1-8 invalid-key: `foo/bar` has a `/` in it, so it needs quotes
    fix: Quote it: "foo/bar" = 3
4:1-8 invalid-key: `foo bar` is no valid key: with blanks in it, it needs quotes
    maybe: Quote it: "foo bar" = 4
5:1-5 invalid-key: `café` has a `é` in it, so it needs quotes
    fix: Quote it: "café" = 5
6:1-5 invalid-key: `"a"b` is no valid key
    maybe: Quote it: '"a"b' = 6
1:1-5 DottedKey
 Root
a = Dotted
  b = Integer Plain "1"
c = Integer Plain "2"
foo/bar = Integer Plain "3"
foo bar = Integer Plain "4"
café = Integer Plain "5"
"a"b = Integer Plain "6"
"###);
}

const JSON: &str = r###"{
  "version": 2
}
"###;

#[test]
fn json() {
    assert_snapshot!(render(JSON), @r###"
1:1-2 json: this is JSON, but the file is read as TOML
    help: TOML has no braces around the whole file and writes `key = value`
 nothing
"###);
}

const DIALECTS: &str = "\u{feff}a.b = 0x1F\nc = { d = 1, }\n";

#[test]
fn dialects() {
    assert_snapshot!(render(DIALECTS), @r###"
1:1-2 ByteOrderMark
1:2-5 DottedKey
1:8-12 RadixInteger
2:5-15 InlineTableComma
 Root
a = Dotted
  b = Integer Plain "0x1F"
c = Inline
  d = Integer Plain "1"
"###);
}

const NOTHING: &str = r###"# only this
"###;

#[test]
fn nothing() {
    assert_snapshot!(render(NOTHING), @r###"
 nothing
"###);
}

const BROKEN: &[&str] = &[
    HEADERS_ARE_MENDED,
    HALF_QUOTED_IDS_IN_HEADERS_ARE_COMPLETED,
    BRACKETS_LEFT_OPEN_DO_NOT_SWALLOW_WHAT_FOLLOWS,
    COMMAS_AND_PAIRS,
    STRINGS_LEFT_OPEN_END_WITH_THEIR_LINE,
    STRINGS_OVER_LINES,
    EQUALS_SIGNS,
    YAML_LISTS,
    LINES_OF_OTHER_THINGS,
    VALUES_LEFT_OUT,
    WORDS_AND_NUMBERS,
    OTHER_QUOTES,
    SIGNS_OF_OTHER_LANGUAGES,
    COMMENTS_OF_OTHER_LANGUAGES,
    ESCAPES_IN_STRINGS,
    TEMPLATES,
    CONFLICTS,
    CLASHES,
    KEYS,
    JSON,
    DIALECTS,
    NOTHING,
    CONTROL,
];

// Fixes.

/// Each safe fix takes its problem away.
fn fixes_work(text: &str) {
    let doc = read(text);
    let count = |doc: &Document<'_>, code| doc.problems.iter().filter(|p| p.code == code).count();
    for p in &doc.problems {
        let Some(fix) = p.fix.as_ref().filter(|f| f.applicability == Applicability::Safe) else { continue };
        let fixed = apply(text, &fix.edits);
        let left = read(&fixed);
        assert!(count(&left, p.code) < count(&doc, p.code), "{p:?}\n{text:?}\n{fixed:?}\n{:?}", left.problems);
    }
}

#[test]
fn safe_fixes_take_their_problem_away() {
    for text in BROKEN {
        fixes_work(text);
    }
}

/// Applies the first safe fix until there is none.
fn fix_all(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..200 {
        let fixes = read(&text).problems.into_iter().filter_map(|p| p.fix);
        let Some(fix) = fixes.into_iter().find(|f| f.applicability == Applicability::Safe) else { return text };
        text = apply(&text, &fix.edits);
    }
    panic!("fixing does not end: {text}");
}

#[test]
fn applying_all_fixes_ends_with_a_good_file() {
    let fixed = fix_all(FIXABLE);
    assert_snapshot!(fixed, @r###"
vers_ion = 2
root = "/x"
[plugins."io.containerd.grpc.v1.cri".cni]
# dirs
bin_dir = "/opt/cni/bin"
list = ["a b", "c", "d",]
[metrics]
address = 'C:\Program Files'
grpc = true
"###);
    agrees(&fixed);
}

const FIXABLE: &str = "vers\\_ion = 2 root = “/x”
[plugins.\"io.containerd.grpc.v1.cri.cni]
// dirs
bin_dir: /opt/cni/bin
list = [a b, \"c\" \"d\",,
[metrics
address == \"C:\\Program Files\";
grpc = True
";

// What must hold for any text.

fn check(text: &str) -> Document<'_> {
    let doc = read(text);
    let good = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    let inside = |outer: Span, inner: Span| assert!(outer.contains(inner), "{inner:?} in {outer:?} in {text:?}");
    fn walk(node: &Node<'_>, good: &impl Fn(Span), inside: &impl Fn(Span, Span)) {
        good(node.span);
        for item in node.items() {
            inside(node.span, item.span);
            walk(item, good, inside);
        }
        for header in node.as_map().map_or(&[][..], |m| &m.headers) {
            good(*header);
            inside(node.span, *header);
        }
        for e in node.entries() {
            good(e.key_span);
            inside(node.span, e.key_span);
            inside(node.span, e.value.span);
            walk(&e.value, good, inside);
        }
    }
    walk(&doc.root, &good, &inside);
    for pair in doc.comments.windows(2) {
        assert!(pair[0].end <= pair[1].start, "comments overlap in {text:?}");
    }
    doc.comments.iter().chain(doc.dialects.iter().map(|(_, span)| span)).for_each(|span| good(*span));
    for pair in doc.problems.windows(2) {
        assert!(pair[0].span <= pair[1].span, "problems out of order in {text:?}");
    }
    for p in &doc.problems {
        good(p.span);
        p.related.iter().for_each(|(span, _)| good(*span));
        assert!(!p.message.is_empty() && !p.message.ends_with('.') && !p.message.contains('\n'), "{p:?}");
        let edits = p.fix.as_ref().map_or(&[][..], |fix| &fix.edits);
        edits.iter().for_each(|e| good(e.span));
        assert!(edits.windows(2).all(|e| e[0].span.end <= e[1].span.start), "{p:?}");
    }
    doc
}

/// What TOML is made of, good and bad.
const PIECES: [&str; 84] = [
    "a",
    "b",
    "key",
    "\"q\"",
    "'l'",
    "1",
    "0x1f",
    "07",
    "1.5",
    "true",
    "True",
    "1979-05-27",
    " 07:32:00",
    "=",
    " = ",
    ".",
    ",",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "#",
    "# c\n",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\_",
    "\\\"",
    "\\[",
    "\\u12",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "“",
    "”",
    "‘",
    "’",
    "`",
    "$",
    "${X}",
    "$X",
    "$(x)",
    "{{",
    "}}",
    "{{ x }}",
    "{%",
    "%}",
    "{#",
    "#}",
    "<%",
    "%>",
    "%q",
    "//",
    "/*",
    "*/",
    ";",
    ":",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
    "io.containerd.grpc.v1.cri",
    "a = 1\n",
    "b.c = 2\n",
    "[t]\n",
    "[t.a]\n",
    "[[t]]\n",
    "x = [\n",
    "y = { a = 1",
    "é",
    "😀",
    "\0",
    "<true|false>",
    "...",
];

fn toml_like() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat())
}

const GOOD: &str = r#"version = 3
root = "/var/lib/containerd" # where images live
disabled_plugins = ["io.containerd.internal.v1.opt", 'x']
oom_score = -1_000
mode = 0o755
when = 1979-05-27 07:32:00.5+01:00
point = { x = 1.5e3, y.z = inf }

[grpc]
  address = "/run/containerd\u0041\"\\.sock"
  uid = 0
[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    a.b.c = true
    a.b.d = """
multi \
    line"""
    [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
      endpoint = [
        "https://a", # one
        "https://b",
      ]
[[proxy_plugins.list]]
  type = '''snap'shot'''
[[proxy_plugins.list]]
  [proxy_plugins.list.sub]
  e = [[1, 2], ["x"], []]
"#;

/// A good file with some pieces put in, taken out or moved.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), any::<Index>(), select(&PIECES[..]), 0..4usize);
    prop::collection::vec(change, 1..4).prop_map(|changes| {
        let mut text: Vec<char> = GOOD.chars().collect();
        for (at, other, piece, what) in changes {
            let at = at.index(text.len());
            match what {
                0 => drop(text.splice(at..at, piece.chars())),
                1 => drop(text.remove(at)),
                2 => drop(text.splice(at..=at, piece.chars())),
                _ => {
                    let other = other.index(text.len());
                    text.swap(at, other);
                }
            }
        }
        text.into_iter().collect()
    })
}

/// Whether ours and the crate `toml` agree on whether a text is good, and on what it says.
fn agrees(text: &str) {
    let doc = check(text);
    let theirs = toml::from_str::<toml::Table>(text);
    match &theirs {
        Ok(_) if is_lax(text) && !doc.problems.is_empty() => {}
        Ok(table) => {
            assert!(doc.problems.is_empty(), "{text:?}\n{:?}", doc.problems);
            let ours = if matches!(doc.root.value, Value::Missing) { "{}".to_owned() } else { plain(&doc.root) };
            assert_eq!(ours, plain_toml(&toml::Value::Table(table.clone())), "{text:?}");
        }
        Err(e) => assert!(!doc.problems.is_empty(), "{text:?}\n{e}"),
    }
}

/// In braces the crate lets a line end on either side of `=`, which TOML does not.
fn is_lax(text: &str) -> bool {
    let code = |line: &str| line.split('#').next().unwrap_or("").trim().to_owned();
    text.lines().map(code).any(|line| line.starts_with('=') || line.ends_with('='))
}

fn plain(node: &Node<'_>) -> String {
    match &node.value {
        Value::Missing => "nothing".to_owned(),
        Value::Seq(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(",")),
        Value::Map(map) => {
            let mut entries: Vec<_> = map.entries.iter().map(|e| format!("{:?}:{}", e.key, plain(&e.value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Value::Scalar(s) => match s.kind {
            ScalarKind::String => format!("{:?}", s.text),
            ScalarKind::Integer => format!("{}", node.as_int().expect("a number that fits")),
            ScalarKind::Float => format!("{:?}f", s.text.replace('_', "").parse::<f64>().expect("a float")),
            ScalarKind::Bool => format!("{}", node.as_bool().expect("a boolean")),
            ScalarKind::Datetime => format!("date {}", s.text.parse::<toml::value::Datetime>().expect("a date")),
            ScalarKind::Null => "null".to_owned(),
        },
    }
}

fn plain_toml(value: &toml::Value) -> String {
    match value {
        toml::Value::String(s) => format!("{s:?}"),
        toml::Value::Integer(n) => n.to_string(),
        toml::Value::Float(f) => format!("{f:?}f"),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Datetime(d) => format!("date {d}"),
        toml::Value::Array(items) => format!("[{}]", items.iter().map(plain_toml).collect::<Vec<_>>().join(",")),
        toml::Value::Table(table) => {
            let mut entries: Vec<_> = table.iter().map(|(k, v)| format!("{k:?}:{}", plain_toml(v))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        agrees(&text);
    }

    #[test]
    fn any_mix_of_toml_is_read_as_the_crate_toml_does(text in toml_like()) {
        agrees(&text);
    }

    #[test]
    fn damaged_files_are_read(text in mutated()) {
        agrees(&text);
    }

    #[test]
    fn fixing_damaged_files_comes_to_an_end(text in mutated()) {
        fix_all(&text);
    }

    #[test]
    fn fixing_any_mix_comes_to_an_end(text in toml_like()) {
        fix_all(&text);
    }
}

#[test]
fn the_good_file_is_good() {
    agrees(GOOD);
    agrees(&GOOD.replace('\n', "\r\n"));
    assert_snapshot!(render(GOOD), @r###"
5:8-13 RadixInteger
7:22-25 DottedKey
14:5-10 DottedKey
15:5-10 DottedKey
 Root
version = Integer Plain "3"
root = String Double "/var/lib/containerd"
disabled_plugins = list
  - String Double "io.containerd.internal.v1.opt"
  - String Single "x"
oom_score = Integer Plain "-1_000"
mode = Integer Plain "0o755"
when = Datetime Plain "1979-05-27 07:32:00.5+01:00"
point = Inline
  x = Float Plain "1.5e3"
  y = Dotted
    z = Float Plain "inf"
grpc = Table [grpc]
  address = String Double "/run/containerdA\"\\.sock"
  uid = Integer Plain "0"
plugins = Table [plugins]
  io.containerd.grpc.v1.cri = Table [plugins."io.containerd.grpc.v1.cri"]
    a = Dotted
      b = Dotted
        c = Bool Plain "true"
        d = String Block "multi line"
    registry = Table
      mirrors = Table
        docker.io = Table [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
          endpoint = list
            - String Double "https://a"
            - String Double "https://b"
proxy_plugins = Table
  list = list
    - Table [[proxy_plugins.list]]
      type = String Block "snap'shot"
    - Table [[proxy_plugins.list]]
      sub = Table [proxy_plugins.list.sub]
        e = list
          - list
            - Integer Plain "1"
            - Integer Plain "2"
          - list
            - String Double "x"
          - list
"###);
}

/// The places where readers differ, each with what the crate `toml` says.
#[test]
fn subtle_texts_are_judged_as_the_crate_toml_does() {
    for text in SUBTLE {
        agrees(text);
    }
}

const SUBTLE: &[&str] = &[
    "",
    "\n",
    "# only a comment",
    "\u{feff}a = 1",
    "a = 1\u{feff}",
    "a = '\u{feff}'",
    "[a.b]\n[a]\nx = 1",
    "[a]\n[a.b]\n[a]",
    "a.b = 1\n[a]",
    "a.b = 1\n[a.c]\nx = 1",
    "a.b.c = 1\n[a.b.d]\n",
    "[a.b.c]\nz = 9\n[a]\nb.c.t = 1",
    "[a.b.c]\nz = 9\n[a]\nb.t = 1",
    "[a.b.c]\nz = 9\n[a]\nb.t = 1\n[a.b]",
    "[[a.b]]\nx = 1\n[a]\nb.y = 2",
    "[[a]]\n[a.b]\n[[a]]\n[a.b]",
    "[[a]]\n[a]",
    "[a]\n[[a]]",
    "a = []\n[[a]]",
    "a = {}\n[a]",
    "a = {}\n[a.b]",
    "a = {}\na.b = 1",
    "a = { b = {} }\n[a.b.c]",
    "a = { b.c = 1, b.d = 2 }",
    "a = { b = {}, b.d = 2 }",
    "a = { b = 1, b = 2 }",
    "a = 1\na.b = 2",
    "a.b = 1\na.b.c = 2",
    "a.b = 1\na = 2",
    "\"a\" = 1\na = 2",
    "'a'.\"b\" . c = 1",
    "\"\" = 1\n'' = 2",
    "1 = 2\n1.2 = 3\n-1 = 4\ntrue = 5\n2020-01-01 = 6",
    "a = { b = 1,\n c = 2, # x\n }",
    "a = {\n}",
    "a = {# x\n}",
    "a = { , }",
    "a = [ , ]",
    "a = [1,,2]",
    "a = [1,]",
    "a = [\n# c\n1 # d\n,\n2\n]",
    "a = [[[]]]",
    "a = [ [1] [2] ]",
    "a = \"\"\"\"\"\"",
    "a = \"\"\"\"x\"\"\"\"",
    "a = \"\"\"\"\"x\"\"\"\"\"",
    "a = \"\"\"x\"\"\"\"\"\"",
    "a = '''''x'''''",
    "a = '''\r\nx'''",
    "a = \"\"\"\\\r\n  x\"\"\"",
    "a = \"\"\"\\  \n  x\"\"\"",
    "a = \"\"\"\\  x\"\"\"",
    "a = \"\"\"x\\\"\"\"",
    "a = \"\"\"x\\\"\"\"\"",
    "a = \"\\e\\x41\\u00e9\\U0001F600\"",
    "a = \"\\ud800\"",
    "a = \"\\x4\"",
    "a = \"\t\"",
    "a = \"\u{7f}\"",
    "a = '\u{1}'",
    "# \u{1}",
    "a = 1 # \r\nb = 2",
    "a = 1\rb = 2",
    "a = \"x\ry\"",
    "a = '''x\ry'''",
    "a = 9223372036854775807\nb = -9223372036854775808",
    "a = 9223372036854775808",
    "a = 0xffffffffffffffff",
    "a = 0x7fff_ffff",
    "a = 0b2",
    "a = 0o8",
    "a = 0x",
    "a = 0x_1",
    "a = +0x1",
    "a = 1__0",
    "a = _1",
    "a = 1_",
    "a = -0\nb = +0",
    "a = 00",
    "a = 0.0",
    "a = 00.0",
    "a = 1.",
    "a = .1",
    "a = 1.e5",
    "a = 1e5\nb = 1E+5\nc = 1.5e-07",
    "a = 1e400",
    "a = inf\nb = -inf\nc = +inf",
    "a = Inf",
    "a = infinity",
    "a = nan",
    "a = tru",
    "a = true2",
    "a = 2000-02-29",
    "a = 1900-02-29",
    "a = 2000-04-31",
    "a = 2000-01-01T00:00",
    "a = 2000-01-01T24:00:00",
    "a = 2000-01-01T00:00:60Z",
    "a = 2000-01-01 00:00:00+24:00",
    "a = 2000-01-01  00:00:00",
    "a = 2000-01-01 ",
    "a = 2000-01-01T",
    "a = 2000-01-01t00:00:00z",
    "a = 00:00",
    "a = 00:00:00.",
    "a = 00:00:00.123456789123",
    "a = 00:00:00Z",
    "a = 1:00",
    "a = 2000-1-1",
    "[ a . b ]",
    "[ [a] ]",
    "[[a] ]",
    "[a]]",
    "[a] b = 1",
    "[a]#c",
    "[\"a\nb\"]",
    "[a.]",
    "[.a]",
    "[]",
    "[[]]",
    "a",
    "a =",
    "a = \n1",
    "= 1",
    "a = 1 b = 2",
    "a = 1,",
    "a = \"x\" \"y\"",
    "a = \"x\"\"y\"",
    "a = 'x'y",
    "a.\nb = 1",
    "a\n= 1",
    "\"\"\"a\"\"\" = 1",
    "é = 1",
    "a = é",
    "a = \"é😀\"",
    "a = {b = 1}{c = 2}",
    "a = [1] [2]",
    "a = {b = [1}",
    "a = \"{{ x }}\"",
    "a = {{ x }}",
    "a = '${X}'",
    "<<<<<<< HEAD\n",
    "a = '''\n<<<<<<< HEAD\n'''",
    "=======\n",
];

/// Reading takes time in proportion to the text, however odd it is.
#[test]
fn no_text_takes_long() {
    let odd = PIECES.iter().flat_map(|one| PIECES.iter().step_by(29).map(move |two| format!("{one}{two}")));
    let whole = [
        "a = [\n",
        "[a\n",
        "a = {b = {c = 1}},",
        "a = '''\nb = 1\n",
        "\u{a0}\"",
        "{{}}",
        "“a”",
        "\"x” ",
        "//a\n",
        "a.",
        "a = \"b\nc = [\n",
    ];
    for piece in odd.chain(whole.iter().map(|s| (*s).to_owned())) {
        let text = piece.repeat(100_000 / piece.len());
        let start = Instant::now();
        let _ = read(&text);
        assert!(start.elapsed() < Duration::from_secs(5), "{piece:?} took {:?}", start.elapsed());
    }
    let many: String = (0..20_000).map(|n| format!("key_{n} = {n}\n")).collect();
    let start = Instant::now();
    assert_eq!(read(&many).root.entries().len(), 20_000);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn depth_and_length_have_ends() {
    for text in [
        "[".repeat(100_000),
        "a = ".to_owned() + &"[".repeat(100_000),
        "a = ".to_owned() + &"{a = ".repeat(50_000),
        "a.".repeat(100_000) + " = 1",
        format!("[{}]", "a.".repeat(100_000)),
    ] {
        let doc = check(&text);
        assert!(
            doc.problems
                .iter()
                .any(|p| p.code == "too-deep" || p.code == "invalid-header" || p.code == "unclosed-header"),
            "{:?}",
            doc.problems.first()
        );
    }
    let deep = format!("a = {}1{}\nb = 2\n", "[".repeat(300), "]".repeat(300));
    assert_eq!(
        problems(&deep),
        "1:133-134 too-deep: nested more than 128 levels deep\n    help: what is inside was not read\n"
    );
    assert_eq!(check(&deep).root.get("b").and_then(Node::as_int), Some(2));
    let long = "#".repeat(crilint_core::syntax::MAX_LEN + 1);
    let doc = check(&long);
    assert!(matches!(doc.root.value, Value::Missing) && doc.problems.len() == 1 && doc.problems[0].code == "too-long");
}

// Files as people have them.

fn shared() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    path.exists().then_some(path)
}

#[test]
fn files_of_others_are_read() {
    let Some(corpus) = shared().map(|s| s.join("corpus")) else { return };
    let Ok(index) = std::fs::read_to_string(corpus.join("index.jsonl")) else { return };
    for line in index.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row");
        let field = |name: &str| row[name].as_str().unwrap_or("").to_owned();
        let Ok(text) = std::fs::read_to_string(corpus.join(field("file"))) else { continue };
        if !matches!(field("kind").as_str(), "containerd" | "hosts" | "templates") {
            continue;
        }
        let doc = check(&text);
        if field("parses") == "ok" {
            assert!(doc.problems.is_empty(), "{}: {:?}", field("file"), doc.problems);
        }
        if field("file").ends_with(".toml") {
            agrees_unless_mixed(&text);
            fixes_work(&text);
        }
    }
}

/// A template may be good TOML as it stands.
fn agrees_unless_mixed(text: &str) {
    assert_eq!(read(text).problems.is_empty(), toml::from_str::<toml::Table>(text).is_ok(), "{text}");
}

#[test]
fn configurations_given_to_containerd_are_read() {
    let Some(file) = shared().map(|s| s.join("facts/containerd-verdicts.json")) else { return };
    let Ok(text) = std::fs::read_to_string(file) else { return };
    let rows: serde_json::Value = serde_json::from_str(&text).expect("rows");
    for row in rows.as_array().into_iter().flatten() {
        agrees_unless_mixed(row["config"].as_str().unwrap_or(""));
    }
}

#[test]
fn keys_of_tables_point_to_the_first_header_that_names_them() {
    let text = "[a.b]\nx = 1\n[a]\ny = 2\n";
    let doc = check(text);
    let a = doc.root.entry("a").expect("a");
    assert_eq!((a.key_span, a.value.span), (Span::new(1, 2), Span::new(0, 21)));
    let map = |node: &Node<'_>| node.as_map().map(|m: &Map<'_>| (m.style, m.headers.clone()));
    assert_eq!(map(&a.value), Some((MapStyle::Table, vec![Span::new(12, 15)])));
    let b = a.value.entry("b").expect("b");
    assert_eq!((b.key_span, b.value.span), (Span::new(3, 4), Span::new(0, 11)));
}
