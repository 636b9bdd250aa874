//! The YAML reader: what it makes of texts, good and broken.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use crilint_core::fix::{Applicability, Fix};
use crilint_core::syntax::yaml::{block_content, read, read_at};
use crilint_core::syntax::{Dialect, Document, MapStyle, Node, Problem, ScalarKind, Style, Value};
use crilint_core::text::{Encoding, LineIndex, Span};
use insta::assert_snapshot;
use proptest::prelude::*;

// Rendering

fn place(text: &str, at: u32) -> String {
    let position = LineIndex::new(text).position(text, at, Encoding::Char);
    format!("{}:{}", position.line + 1, position.column + 1)
}

/// A problem as lines; a fix as the lines that it makes.
fn render(text: &str, problem: &Problem) -> String {
    let mut out = format!("{} {}: {}", place(text, problem.span.start), problem.code, problem.message);
    if let Some((span, what)) = &problem.related {
        out += &format!("\n  {}: {what}", place(text, span.start));
    }
    if let Some(help) = &problem.help {
        out += &format!("\n  help: {help}");
    }
    if let Some(fix) = &problem.fix {
        let trust = match fix.applicability {
            Applicability::Safe => "fix",
            Applicability::Unsafe => "unsafe fix",
            Applicability::Display => "hint",
        };
        let now: Vec<&str> = text.lines().collect();
        let fixed = apply(text, fix);
        let changed: Vec<String> =
            fixed.lines().filter(|l| !now.contains(l)).map(|l| l.escape_debug().to_string()).collect();
        out += &format!("\n  {trust}: {} -> {}", fix.title, changed.join(" ⏎ "));
    }
    out
}

/// A tree on one line: `{a: 1}` for a block, `~{a: 1}` in braces, texts in quotes, `-` for nothing.
fn dump(node: &Node<'_>) -> String {
    match &node.value {
        Value::Missing => "-".into(),
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::String => format!("{:?}", scalar.text),
            ScalarKind::Null => "null".into(),
            ScalarKind::Bool => format!("bool({})", scalar.text),
            ScalarKind::Float => format!("float({})", scalar.text),
            _ => scalar.text.to_string(),
        },
        Value::Seq(items) => format!("[{}]", items.iter().map(dump).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let entries: Vec<String> = map.entries.iter().map(|e| format!("{}: {}", e.key, dump(&e.value))).collect();
            let sign = if map.style == MapStyle::Inline { "~" } else { "" };
            format!("{sign}{{{}}}", entries.join(", "))
        }
    }
}

fn tree(document: &Document<'_>) -> String {
    let mut out = format!("= {}", dump(&document.root));
    for node in &document.more {
        out += &format!("\n+ {}", dump(node));
    }
    out
}

/// Problems and tree; checks on the way what must hold for every text.
fn show(text: &str) -> String {
    let document = read(text);
    check(&document);
    check_safe_fixes(&document);
    let problems = document.problems.iter().map(|p| render(text, p));
    problems.chain([tree(&document)]).collect::<Vec<_>>().join("\n")
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).problems.iter().map(|p| p.code).collect()
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut out = String::new();
    let mut at = 0;
    for edit in &fix.edits {
        out += &text[at..edit.span.range().start];
        out += &edit.text;
        at = edit.span.range().end;
    }
    out + &text[at..]
}

// What must hold

fn check(document: &Document<'_>) {
    let text = document.text;
    let fits = |span: Span, what: &str| {
        assert!(text.get(span.range()).is_some(), "{what} {span:?} does not fit {text:?}");
    };
    check_node(text, &document.root);
    document.more.iter().for_each(|n| check_node(text, n));
    let mut end = 0;
    for comment in &document.comments {
        fits(*comment, "comment");
        assert!(comment.start >= end, "comments overlap in {text:?}");
        assert!(comment.of(text).starts_with('#'), "{:?} is no comment in {text:?}", comment.of(text));
        end = comment.end;
    }
    let mut last = 0;
    for problem in &document.problems {
        fits(problem.span, problem.code);
        assert!(problem.span.start >= last, "problems are not in order in {text:?}");
        last = problem.span.start;
        if let Some((span, _)) = problem.related {
            fits(span, "related");
        }
        let message = &problem.message;
        assert!(!message.ends_with('.') || message.ends_with("..."), "full stop: {message}");
        assert!(!message.starts_with(char::is_uppercase), "upper case: {message}");
        if let Some(fix) = &problem.fix {
            let mut at = 0;
            assert!(!fix.edits.is_empty(), "{} in {text:?} offers a fix that does nothing", problem.code);
            for edit in &fix.edits {
                fits(edit.span, "edit");
                assert!(edit.span.start >= at, "edits overlap in {text:?}: {:?}", fix.edits);
                at = edit.span.end;
            }
        }
    }
}

/// Aliases and merged entries lie where their anchor is: in texts that have any, children may lie outside.
fn check_node(text: &str, node: &Node<'_>) {
    assert!(text.get(node.span.range()).is_some(), "{:?} does not fit {text:?}", node.span);
    let exempt = text.contains('*') || text.contains("<<");
    let inside = |span: Span| {
        assert!(exempt || node.span.contains(span), "{span:?} is not inside {:?} in {text:?}", node.span);
    };
    for item in node.items() {
        inside(item.span);
        check_node(text, item);
    }
    for entry in node.entries() {
        inside(entry.key_span);
        inside(entry.value.span);
        assert!(text.get(entry.key_span.range()).is_some());
        assert!(exempt || entry.key_span.end <= entry.value.span.start, "key behind value in {text:?}");
        check_node(text, &entry.value);
    }
}

/// A safe fix takes its problem away.
fn check_safe_fixes(document: &Document<'_>) {
    let text = document.text;
    for problem in &document.problems {
        let Some(fix) = problem.fix.as_ref().filter(|f| f.applicability == Applicability::Safe) else {
            continue;
        };
        let fixed = apply(text, fix);
        let line = |text: &str, at: u32| LineIndex::new(text).position(text, at, Encoding::Utf8).line;
        let count = |document: &Document<'_>| {
            let at = |p: &Problem| line(document.text, p.span.start);
            let here = line(text, problem.span.start);
            let same = |p: &&Problem| (p.code, &p.message, at(p)) == (problem.code, &problem.message, here);
            document.problems.iter().filter(same).count()
        };
        assert!(
            count(&read(&fixed)) < count(document),
            "{} stays after its fix\nbefore: {:?}\nafter:  {fixed:?}",
            problem.code,
            text
        );
    }
}

#[test]
fn a_good_file_gives_a_tree() {
    assert_snapshot!(show("\
        apiVersion: kubelet.config.k8s.io/v1beta1 # c\n\
        kind: KubeletConfiguration\n\
        authentication:\n\
        \x20 anonymous: {enabled: false}\n\
        \x20 webhook:\n\
        \x20   enabled: yes\n\
        clusterDNS:\n\
        - 10.96.0.10\n\
        -\n\
        - \"x\"\n\
        empty:\n\
        quoted: 'it''s'\n\
        escaped: \"a\\tb\\u00e9\"\n\
        text: |\n\
        \x20 one\n\
        \n\
        \x20 two\n\
        folded: >-\n\
        \x20 one\n\
        \x20 two\n\
        plain: one\n\
        \x20 two\n"), @r#"= {apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration", authentication: {anonymous: ~{enabled: bool(false)}, webhook: {enabled: bool(yes)}}, clusterDNS: ["10.96.0.10", null, "x"], empty: null, quoted: "it's", escaped: "a\tbé", text: "one\n\ntwo\n", folded: "one two", plain: "one two"}"#);
    assert_snapshot!(show("{\"a\": [1, 2.5, null, true], \"b\": {\"c\": \"d\"},}\n"), @r#"= ~{a: [1, float(2.5), null, bool(true)], b: ~{c: "d"}}"#);
    assert_snapshot!(show("\
        {\n\
        \t\"a\": [\n\
        \t\t1\n\
        \t]\n\
        }\n"), @r#"= ~{a: [1]}"#);
}

#[test]
fn documents_follow_each_other() {
    assert_snapshot!(show(""), @r#"= -"#);
    assert_snapshot!(show("# nothing\n"), @r#"= -"#);
    assert_snapshot!(show("---\n"), @r#"= -"#);
    assert_snapshot!(show("\
        a: 1\n\
        ---\n\
        # c\n"), @r#"
    = {a: 1}
    + -
    "#);
    assert_snapshot!(show("\
        ---\n\
        a: 1\n\
        ---\n\
        ---\n\
        b: 1\n\
        ...\n"), @r#"
    = {a: 1}
    + -
    + {b: 1}
    "#);
    assert_snapshot!(show("\
        a: [1\n\
        b: 1\n\
        ---\n\
        c: \"x\n\
        d: 1\n\
        ---\n\
        e: 1\n"), @r#"
    1:6 unclosed-bracket: this `[` is never closed
      1:4: the bracket is opened here
      help: add `]` where it ends
      fix: Close the bracket -> a: [1]
    4:6 unclosed-quote: this double quote is never closed
      4:4: the quote is opened here
      help: add " where the text ends
      fix: Close the quote -> c: \"x\"
    = {a: [1], b: 1}
    + {c: "x", d: 1}
    + {e: 1}
    "#);
}

#[test]
fn windows_files_are_fine() {
    assert_snapshot!(show("\
        a: 1\r\n\
        b: |\r\n\
        \x20 x\r\n\
        \x20 y\r\n\
        c:\r\n\
        \x20 - d\r\n"), @r#"= {a: 1, b: "x\ny\n", c: ["d"]}"#);
}

#[test]
fn anchors_and_merge_keys_are_resolved() {
    // The last entry of a name counts, here and in the loader.
    assert_snapshot!(show("\
        a: &x {b: 1}\n\
        c: *x\n\
        d:\n\
        \x20 <<: *x\n\
        \x20 b: 2\n"), @r#"= {a: ~{b: 1}, c: ~{b: 1}, d: {b: 1, b: 2}}"#);
    assert_snapshot!(show("\
        a: &x {b: 1, c: 1}\n\
        d: &y {b: 2}\n\
        e:\n\
        \x20 <<: [*x, *y]\n\
        \x20 f: 3\n"), @r#"= {a: ~{b: 1, c: 1}, d: ~{b: 2}, e: {b: 2, b: 1, c: 1, f: 3}}"#);
    assert_snapshot!(show("\
        a: &x [1]\n\
        b:\n\
        \x20 <<: *x\n"), @r#"
    3:7 merge-not-table: `<<` takes in a table or a list of tables
      help: point it at an anchor that names a table
    = {a: [1], b: {}}
    "#);
    assert_snapshot!(show("a: &x [*x]\n"), @r#"
    1:8 recursive-alias: this alias stands inside the value that it names
    = {a: [-]}
    "#);
    assert_snapshot!(show("\
        a: *nobody\n\
        b: 1\n"), @r#"
    1:4 unknown-alias: no anchor `&nobody` stands before this alias
      help: define the anchor first, or quote the value if the star is part of it
    = {a: -, b: 1}
    "#);
    assert_snapshot!(show("\
        a: &k key\n\
        *k : 1\n"), @r#"= {a: "key", key: 1}"#);
}

#[test]
fn tabs_become_blanks() {
    assert_snapshot!(show("\
        a:\n\
        \tb: 2\n\
        \tc: 3\n\
        d: 1\n"), @r#"
    2:1 tab-indentation: 2 lines from here are indented with tabs
      help: YAML allows only blanks for indentation
      fix: Indent with blanks ->   b: 2 ⏎   c: 3
    = {a: {b: 2, c: 3}, d: 1}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        \tb: 2\n"), @r#"
    2:1 tab-indentation: this line is indented with a tab
      help: YAML allows only blanks for indentation
      unsafe fix: Indent with blanks -> b: 2
    = {a: 1, b: 2}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 b:\n\
        \tc: 1\n\
        d: 1\n"), @r#"
    3:1 tab-indentation: this line is indented with a tab
      help: YAML allows only blanks for indentation
      fix: Indent with blanks ->     c: 1
    = {a: {b: {c: 1}}, d: 1}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 - b\n\
        \t- c\n"), @r#"
    3:1 tab-indentation: this line is indented with a tab
      help: YAML allows only blanks for indentation
      fix: Indent with blanks ->   - c
    = {a: ["b", "c"]}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 b: 1\n\
        \t\n\
        \x20 c: 2\n"), @r#"
    3:1 tab-indentation: this empty line starts with a tab
      help: YAML allows only blanks for indentation
      fix: Indent with blanks -> 
    = {a: {b: 1, c: 2}}
    "#);
    assert_snapshot!(show("\
        a: |\n\
        \tx\n\
        b: 1\n"), @r#"
    2:1 tab-indentation: this line is indented with a tab
      help: YAML allows only blanks for indentation
      fix: Indent with blanks ->   x
    = {a: "x\n", b: 1}
    "#);
    assert_snapshot!(show("\
        -\ta: 1\n\
        \x20 b: 2\n"), @r#"
    1:2 tab-indentation: a tab stands behind this dash
      help: YAML wants a blank there
      fix: Replace the tab by a blank -> - a: 1
    = [{a: 1, b: 2}]
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        \t# c\n\
        b: 2\n"), @r#"
    2:1 tab-indentation: this line is indented with a tab
      help: YAML allows only blanks for indentation
      fix: Indent with blanks ->   # c
    = {a: 1, b: 2}
    "#);
}

#[test]
fn wrong_indentation_names_the_line_to_align_with() {
    assert_snapshot!(show("\
        apiVersion: v1\n\
        \x20 kind: K\n\
        maxPods: 5\n"), @r#"
    2:3 wrong-indentation: `kind` is indented below `apiVersion`, which has a value already
      1:1: align with this line
      help: start it at the left border, like `apiVersion`
      unsafe fix: Align with `apiVersion` -> kind: K
    = {apiVersion: "v1", kind: "K", maxPods: 5}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 b:\n\
        \x20   c: 1\n\
        \x20  d:\n\
        \x20   e: 1\n\
        f: 1\n"), @r#"
    4:4 wrong-indentation: `d` is indented by 3 blanks, like no line above that it could belong to
      2:3: align with this line
      help: indent it by 2 blanks, like `b`
      unsafe fix: Align with `b` ->   d: ⏎    e: 1
    = {a: {b: {c: 1}, d: {e: 1}}, f: 1}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20   b: 1\n\
        \x20 c: 2\n\
        \x20 d: 3\n\
        e: 1\n"), @r#"
    3:3 wrong-indentation: `c` is indented by 2 blanks, like no line above that it could belong to
      2:5: align with this line
      help: indent it by 4 blanks, like `b`
      unsafe fix: Align with `b` ->     c: 2 ⏎     d: 3
    = {a: {b: 1, c: 2, d: 3}, e: 1}
    "#);
    assert_snapshot!(show("\
        \x20 a: 1\n\
        b: 2\n"), @r#"
    1:3 wrong-indentation: `a` is indented by 2 blanks, `b` further down by none
      2:1: align with this line
      unsafe fix: Align with `b` -> a: 1
    = {a: 1, b: 2}
    "#);
    assert_snapshot!(show("\
        - name: a\n\
        \x20value: b\n"), @r#"
    2:2 wrong-indentation: `value` is indented by 1 blank, like no line above that it could belong to
      1:3: align with this line
      help: indent it by 2 blanks, like `name`
      unsafe fix: Align with `name` ->   value: b
    = [{name: "a", value: "b"}]
    "#);
    assert_snapshot!(show("\
        - name: a\n\
        \x20  value: b\n"), @r#"
    2:4 wrong-indentation: `value` is indented below `name`, which has a value already
      1:3: align with this line
      help: indent it by 2 blanks, like `name`
      unsafe fix: Align with `name` ->   value: b
    = [{name: "a", value: "b"}]
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 - b\n\
        \x20- c\n"), @r#"
    3:2 wrong-indentation: `- c` is indented by 1 blank, like no line above that it could belong to
      2:3: align with this line
      help: indent it by 2 blanks, like `- b`
      unsafe fix: Align with `- b` ->   - c
    = {a: ["b", "c"]}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 b:\n\
        - c\n\
        - d\n"), @r#"
    3:1 wrong-indentation: this list stands further left than its key `b`
      2:3: align with this line
      help: indent it by 2 blanks, like `b`
      unsafe fix: Align with `b` ->   - c ⏎   - d
    = {a: {b: ["c", "d"]}}
    "#);
    assert_snapshot!(show("\
        a: |\n\
        \x20 x\n\
        \x20y\n\
        b: 1\n"), @r#"
    3:2 wrong-indentation: this line leaves the text of `a` without reaching a column of its own
      2:3: align with this line
      help: indent it by 2 blanks, like `x`
      unsafe fix: Align with `x` ->   y
    = {a: "x\ny\n", b: 1}
    "#);
    assert_snapshot!(show("\
        a: |\n\
        \x20   \n\
        \x20 x\n"), @r#"
    2:1 wrong-indentation: this empty line has more blanks than the text below it
      3:3: the text starts here
      fix: Remove the blanks -> 
    = {a: "\nx\n"}
    "#);
    assert_snapshot!(show("\
        a:\n\
        - b\n\
        \x20c: 1\n"), @r#"
    3:2 wrong-indentation: `c` is indented below `- b`, which has a value already
      1:1: align with this line
      help: start it at the left border, like `a`
      unsafe fix: Align with `a` -> c: 1
    = {a: ["b"], c: 1}
    "#);
}

#[test]
fn blanks_and_colons_are_missed() {
    assert_snapshot!(show("\
        a: 1\n\
        b:2\n\
        c: 3\n"), @r#"
    2:2 missing-blank: there is no blank behind the colon of `b`
      fix: Insert a blank -> b: 2
    = {a: 1, b: 2, c: 3}
    "#);
    assert_snapshot!(show("\
        b:2\n\
        c: 3\n"), @r#"
    1:2 missing-blank: there is no blank behind the colon of `b`
      fix: Insert a blank -> b: 2
    = {b: 2, c: 3}
    "#);
    assert_snapshot!(show("\
        - a:1\n\
        \x20 b: 2\n"), @r#"
    1:4 missing-blank: there is no blank behind the colon of `a`
      fix: Insert a blank -> - a: 1
    = [{a: 1, b: 2}]
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 - x\n\
        \x20 -y\n\
        \x20 - z\n"), @r#"
    3:3 missing-blank: there is no blank behind this dash
      fix: Insert a blank ->   - y
    = {a: ["x", bool(y), "z"]}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        maxPods 110\n\
        c: 3\n"), @r#"
    2:8 missing-colon: there is no colon behind `maxPods`
      fix: Insert the colon -> maxPods: 110
    = {a: 1, maxPods: 110, c: 3}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        maxPods = 110\n\
        c: 3\n"), @r#"
    2:9 missing-colon: `maxPods` is set with `=`
      help: YAML sets a key with a colon and a blank
      fix: Use a colon -> maxPods: 110
    = {a: 1, maxPods: 110, c: 3}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        auth\n\
        \x20 b:\n\
        \x20   c: 1\n\
        d: 1\n"), @r#"
    2:5 missing-colon: there is no colon behind `auth`
      fix: Insert the colon -> auth:
    = {a: 1, auth: {b: {c: 1}}, d: 1}
    "#);
    assert_snapshot!(show("\
        a：1\n\
        b: 2\n"), @r#"
    1:2 missing-colon: this is a full-width colon, which YAML takes as text
      fix: Use a plain colon -> a: 1
    = {a: 1, b: 2}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        foo\n"), @r#"
    2:1 missing-colon: `foo` is neither `key: value` nor a list item
      help: put `#` in front if it is a comment; indent it if it goes on from the line above
    = {a: 1}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        this is prose\n\
        and more of it\n\
        b: 1\n"), @r#"
    2:1 missing-colon: `this is prose` is neither `key: value` nor a list item
      help: put `#` in front if it is a comment; indent it if it goes on from the line above
    = {a: 1, b: 1}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        : b\n"), @r#"
    2:1 missing-key: there is no key before this colon
      help: write the key before the colon, or quote the value if it starts with a colon
    = {a: 1, : "b"}
    "#);
}

#[test]
fn quotes_are_not_closed() {
    assert_snapshot!(show("\
        a: \"foo\n\
        b: 1\n\
        c: 2\n"), @r#"
    1:8 unclosed-quote: this double quote is never closed
      1:4: the quote is opened here
      help: add " where the text ends
      fix: Close the quote -> a: \"foo\"
    = {a: "foo", b: 1, c: 2}
    "#);
    assert_snapshot!(show("\
        a: \"foo\n\
        b: \"bar\"\n\
        c: 2\n"), @r#"
    1:8 unclosed-quote: this double quote is never closed
      1:4: the quote is opened here
      help: add " where the text ends
      fix: Close the quote -> a: \"foo\"
    = {a: "foo", b: "bar", c: 2}
    "#);
    assert_snapshot!(show("\
        a: 'foo # c\n\
        b: 1\n"), @r#"
    1:8 unclosed-quote: this single quote is never closed
      1:4: the quote is opened here
      help: add ' where the text ends
      unsafe fix: Close the quote -> a: \'foo\' # c
    = {a: "foo", b: 1}
    "#);
    assert_snapshot!(show("\
        a: [\"x, y]\n\
        b: 1\n"), @r#"
    1:10 unclosed-quote: this double quote is never closed
      1:5: the quote is opened here
      help: add " where the text ends
      unsafe fix: Close the quote -> a: [\"x, y\"]
    = {a: ["x, y"], b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"foo' # x\n\
        b: 1\n"), @r#"
    1:8 unclosed-quote: this value starts with a double quote and ends with a single one
      1:4: the quote is opened here
      fix: Use the same quote at the end -> a: \"foo\" # x
    = {a: "foo", b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"x\n\
        ---\n\
        b: 1\n"), @r#"
    1:6 unclosed-quote: this double quote is never closed
      1:4: the quote is opened here
      help: add " where the text ends
      fix: Close the quote -> a: \"x\"
    = {a: "x"}
    + {b: 1}
    "#);
}

#[test]
fn quotes_are_closed_too_early() {
    assert_snapshot!(show("\
        a: 'it's'\n\
        b: 1\n"), @r#"
    1:7 inner-quote: a single quote within the text ends it
      1:4: the text starts here
      help: write it twice
      fix: Escape the quotes within -> a: \'it\'\'s\'
    = {a: "it's", b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"say \"hi\" now\"\n\
        b: 1\n"), @r#"
    1:9 inner-quote: a double quote within the text ends it
      1:4: the text starts here
      help: write it as \"
      fix: Escape the quotes within -> a: \"say \\\"hi\\\" now\"
    = {a: "say \"hi\" now", b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"x\" y\n\
        b: 1\n"), @r#"
    1:8 text-after-value: `y` stands behind the closing quote
      1:4: the quoted text starts here
      help: put all of the value into the quotes
    = {a: "x", b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"1\", \"2\"\n\
        b: 1\n"), @r#"
    1:7 text-after-value: several values stand here without brackets
      help: put a list in `[ ]`, or each item on a line of its own behind `- `
      unsafe fix: Put the list in brackets -> a: [\"1\", \"2\"]
    = {a: ["1", "2"], b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"x\",\n\
        b: 1\n"), @r#"
    1:7 trailing-comma: a comma stands behind this value, outside of brackets
      fix: Remove the comma -> a: \"x\"
    = {a: "x", b: 1}
    "#);
    assert_snapshot!(show("\
        a: 'x' 'y'\n\
        b: 1\n"), @r#"
    1:8 text-after-value: `'y'` stands behind the closing quote
      1:4: the quoted text starts here
      help: put all of the value into the quotes
    = {a: "x", b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"x\"#c\n\
        b: 1\n"), @r#"= {a: "x", b: 1}"#);
}

#[test]
fn escapes_are_wrong() {
    assert_snapshot!(show("\
        a: \"\\d+\"\n\
        b: 1\n"), @r#"
    1:5 bad-escape: `\d` is no escape that YAML knows
      help: write \\ for a backslash, or use single quotes
      fix: Double the backslash -> a: \"\\\\d+\"
    = {a: "\\d+", b: 1}
    "#);
    assert_snapshot!(show("\
        a: \"C:\\users\"\n\
        b: 1\n"), @r#"
    1:7 bad-escape: `\u` is no escape that YAML knows
      help: write \\ for a backslash, or use single quotes
      fix: Double the backslash -> a: \"C:\\\\users\"
    = {a: "C:\\users", b: 1}
    "#);
}

#[test]
fn brackets_are_wrong() {
    assert_snapshot!(show("\
        a: [1, 2\n\
        b: 1\n\
        c: 2\n"), @r#"
    1:9 unclosed-bracket: this `[` is never closed
      1:4: the bracket is opened here
      help: add `]` where it ends
      fix: Close the bracket -> a: [1, 2]
    = {a: [1, 2], b: 1, c: 2}
    "#);
    assert_snapshot!(show("\
        a: [\n\
        \x20 x,\n\
        \x20 y # c\n\
        b: 1\n"), @r#"
    3:4 unclosed-bracket: this `[` is never closed
      1:4: the bracket is opened here
      help: add `]` where it ends
      unsafe fix: Close the bracket ->   y] # c
    = {a: ["x", bool(y)], b: 1}
    "#);
    assert_snapshot!(show("\
        a: {x: 1\n\
        b: 1\n"), @r#"
    1:9 unclosed-bracket: this `{` is never closed
      1:4: the bracket is opened here
      help: add `}` where it ends
      fix: Close the bracket -> a: {x: 1}
    = {a: ~{x: 1}, b: 1}
    "#);
    assert_snapshot!(show("{\"a\": 1, \"b\": [1"), @r#"
    1:17 unclosed-bracket: this `[` is never closed
      1:15: the bracket is opened here
      help: add `]}` where it ends
      unsafe fix: Close the bracket -> {\"a\": 1, \"b\": [1]}
    = ~{a: 1, b: [1]}
    "#);
    assert_snapshot!(show("\
        a: [1\n\
        ---\n\
        b: 1\n"), @r#"
    1:6 unclosed-bracket: this `[` is never closed
      1:4: the bracket is opened here
      help: add `]` where it ends
      fix: Close the bracket -> a: [1]
    = {a: [1]}
    + {b: 1}
    "#);
    assert_snapshot!(show("\
        a: [1, 2]]\n\
        b: 1\n"), @r#"
    1:10 extra-bracket: nothing is open that this `]` could close
      fix: Remove the bracket -> a: [1, 2]
    = {a: [1, 2], b: 1}
    "#);
    assert_snapshot!(show("\
        a: [1, 2}\n\
        b: 1\n"), @r#"
    1:9 mismatched-bracket: `}` closes what `[` opens
      1:4: the bracket is opened here
      fix: Use the bracket that fits -> a: [1, 2]
    = {a: [1, 2], b: 1}
    "#);
    assert_snapshot!(show("\
        a: {x: [1}\n\
        b: 1\n"), @r#"
    1:10 mismatched-bracket: `}` closes what `[` opens
      1:8: the bracket is opened here
      unsafe fix: Close the inner bracket first -> a: {x: [1]}
    = {a: ~{x: [1]}, b: 1}
    "#);
    assert_snapshot!(show("\
        a: [1,2] x\n\
        b: 1\n"), @r#"
    1:10 text-after-value: `x` stands behind a complete value
      help: remove it, or quote the whole value
    = {a: [1, 2], b: 1}
    "#);
    assert_snapshot!(show("a: [- x]\n"), @r#"
    1:5 dash-in-brackets: items in brackets have no dash
      fix: Remove the dash -> a: [x]
    = {a: ["x"]}
    "#);
    assert_snapshot!(show("\
        {\n\
        \x20 \"a\": 1,\n\
        \x20 \"b\": [1,2\n\
        }\n"), @r#"
    4:1 mismatched-bracket: `}` closes what `[` opens
      3:8: the bracket is opened here
      unsafe fix: Close the inner bracket first -> ]}
    = ~{a: 1, b: [1, 2]}
    "#);
}

#[test]
fn commas_are_wrong() {
    assert_snapshot!(show("a: [\"x\" \"y\"]\n"), @r#"
    1:8 missing-comma: a comma is missing between two entries
      fix: Insert the comma -> a: [\"x\", \"y\"]
    = {a: ["x", "y"]}
    "#);
    assert_snapshot!(show("a: {x: 1 y: 2}\n"), @r#"
    1:9 missing-comma: a comma is missing between two entries
      fix: Insert the comma -> a: {x: 1, y: 2}
    = {a: ~{x: 1, y: 2}}
    "#);
    assert_snapshot!(show("a: [a,,b]\n"), @r#"
    1:7 extra-comma: nothing stands before this comma
      fix: Remove the comma -> a: [a,b]
    = {a: ["a", "b"]}
    "#);
    assert_snapshot!(show("\
        {\n\
        \x20\"a\": 1\n\
        \x20\"b\": 2\n\
        }\n"), @r#"
    2:8 missing-comma: a comma is missing between two entries
      fix: Insert the comma ->  \"a\": 1,
    = ~{a: 1, b: 2}
    "#);
    assert_snapshot!(show("\
        {\n\
        \x20\"a\": \"x\" # c\n\
        \x20\"b\": 2\n\
        }\n"), @r#"
    2:10 missing-comma: a comma is missing between two entries
      fix: Insert the comma ->  \"a\": \"x\", # c
    = ~{a: "x", b: 2}
    "#);
}

#[test]
fn values_need_quotes() {
    assert_snapshot!(show("\
        a: @x\n\
        b: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with `@` needs quotes
      fix: Quote it -> a: \"@x\"
    = {a: "@x", b: 1}
    "#);
    assert_snapshot!(show("\
        a: `x`\n\
        b: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with a backtick needs quotes
      fix: Quote it -> a: \"`x`\"
    = {a: "`x`", b: 1}
    "#);
    assert_snapshot!(show("\
        a: %x y # c\n\
        b: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with `%` needs quotes
      fix: Quote it -> a: \"%x y\" # c
    = {a: "%x y", b: 1}
    "#);
    assert_snapshot!(show("\
        a: *.example.com\n\
        b: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with `*` needs quotes
      fix: Quote it -> a: \"*.example.com\"
    = {a: "*.example.com", b: 1}
    "#);
    assert_snapshot!(show("\
        - *\n\
        - a\n"), @r#"
    1:3 unquoted-string: a text that starts with `*` needs quotes
      fix: Quote it -> - \"*\"
    = ["*", "a"]
    "#);
    assert_snapshot!(show("\
        a: &\n\
        b: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with `&` needs quotes
      fix: Quote it -> a: \"&\"
    = {a: "&", b: 1}
    "#);
    assert_snapshot!(show("\
        a: >5%\n\
        b: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with `>` needs quotes
      fix: Quote it -> a: \">5%\"
    = {a: ">5%", b: 1}
    "#);
    assert_snapshot!(show("\
        a: |foo\n\
        \x20 x\n\
        b: 1\n"), @r#"
    1:5 text-after-value: `foo` stands behind the `|` that starts a text block
      help: start the text on the next line
    = {a: "x\n", b: 1}
    "#);
    assert_snapshot!(show("a: [@x, 1]\n"), @r#"
    1:5 unquoted-string: a text that starts with `@` needs quotes
      fix: Quote it -> a: [\"@x\", 1]
    = {a: ["@x", 1]}
    "#);
    assert_snapshot!(show("\
        a: *x b\n\
        c: 1\n"), @r#"
    1:4 unquoted-string: a text that starts with `*` needs quotes
      fix: Quote it -> a: \"*x b\"
    = {a: "*x b", c: 1}
    "#);
    assert_snapshot!(show("\
        @x: 1\n\
        b: 1\n"), @r#"
    1:1 unquoted-string: a text that starts with `@` needs quotes
      fix: Quote it -> \"@x\": 1
    = {@x: 1, b: 1}
    "#);
}

#[test]
fn values_hold_colons() {
    assert_snapshot!(show("\
        a: b: c\n\
        d: 1\n"), @r#"
    1:5 colon-in-value: the value of `a` holds a colon with a blank behind it
      help: quote the value; if this is a key of its own, give it its own line
      unsafe fix: Quote the value -> a: \"b: c\"
    = {a: "b: c", d: 1}
    "#);
    assert_snapshot!(show("\
        a: b:\n\
        d: 1\n"), @r#"
    1:5 colon-in-value: the value of `a` holds a colon with a blank behind it
      help: quote the value; if this is a key of its own, give it its own line
      unsafe fix: Quote the value -> a: \"b:\"
    = {a: "b:", d: 1}
    "#);
    assert_snapshot!(show("a: 1 b: 2\n"), @r#"
    1:7 colon-in-value: the value of `a` holds a colon with a blank behind it
      help: quote the value; if this is a key of its own, give it its own line
      unsafe fix: Quote the value -> a: \"1 b: 2\"
    = {a: "1 b: 2"}
    "#);
    assert_snapshot!(show("a: [1, 2]: 3\n"), @r#"
    1:10 colon-in-value: the value of `a` holds a colon with a blank behind it
      help: quote the value; if this is a key of its own, give it its own line
      unsafe fix: Quote the value -> a: \"[1, 2]: 3\"
    = {a: "[1, 2]: 3"}
    "#);
    assert_snapshot!(show("- a: (x): y\n"), @r#"
    1:9 colon-in-value: the value of `a` holds a colon with a blank behind it
      help: quote the value; if this is a key of its own, give it its own line
      fix: Quote the value -> - a: \"(x): y\"
    = [{a: "(x): y"}]
    "#);
}

#[test]
fn lists_and_keys_are_mixed() {
    assert_snapshot!(show("\
        a:\n\
        \x20 - x\n\
        \x20 b: 1\n\
        \x20 c: 1\n\
        d: 1\n"), @r#"
    3:3 mixed-list: a key among list items
      2:3: the list is here
      help: indent the key below an item's dash, or move it out of the list
    = {a: ["x"], d: 1}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 b: 1\n\
        \x20 - x\n\
        \x20 - y\n\
        c: 1\n"), @r#"
    3:3 mixed-list: a list item among keys
      2:3: the keys are here
      help: give the list a key of its own and indent it below that
    = {a: {b: 1}, c: 1}
    "#);
    assert_snapshot!(show("\
        a: - x\n\
        b: 1\n"), @r#"
    1:4 list-on-key-line: a list cannot start on the line of its key
      help: put each item on a line of its own
      fix: Start a new line -> a: ⏎   - x
    = {a: -, b: 1}
    "#);
    assert_snapshot!(show("\
        a: - x\n\
        \x20  - y\n\
        b: 1\n"), @r#"
    1:4 list-on-key-line: a list cannot start on the line of its key
      help: put each item on a line of its own
    = {a: -, b: 1}
    "#);
    assert_snapshot!(show("--- a: 1\n"), @r#"
    1:5 syntax: entries cannot start on the line of the `---`
      fix: Start a new line -> --- ⏎ a: 1
    = -
    "#);
}

#[test]
fn comments_of_other_languages() {
    assert_snapshot!(show("\
        a: 1\n\
        // foo\n\
        // bar\n\
        b: 1\n"), @r#"
    2:1 comment-marker: `//` starts no comment in YAML
      help: comments start with `#`
      fix: Use `#` -> # foo ⏎ # bar
    = {a: 1, b: 1}
    "#);
    assert_snapshot!(show("\
        // x: y\n\
        a: 1\n"), @r#"
    1:1 comment-marker: `//` starts no comment in YAML
      help: comments start with `#`
      fix: Use `#` -> # x: y
    = {a: 1}
    "#);
    assert_snapshot!(show("\
        /* foo\n\
        \x20* bar\n\
        \x20*/\n\
        b: 1\n"), @r#"
    1:1 comment-marker: `/*` starts no comment in YAML
      help: comments start with `#`
      fix: Use `#` -> # foo ⏎  # bar ⏎  #
    = {b: 1}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \x20 // x\n\
        \x20 b: 1\n"), @r#"
    2:3 comment-marker: `//` starts no comment in YAML
      help: comments start with `#`
      fix: Use `#` ->   # x
    = {a: {b: 1}}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        //b:\n\
        \x20 c: 1\n\
        d: 1\n"), @r#"
    2:1 comment-marker: `//` starts no comment in YAML
      help: comments start with `#`
      unsafe fix: Use `#` -> #b:
    = {a: 1, d: 1}
    "#);
    assert_snapshot!(show("\
        {\n\
        \x20 // one\n\
        \x20 \"a\": 1, // two\n\
        \x20 \"b\": 2 // three\n\
        }\n"), @r#"
    2:3 comment-marker: `//` starts no comment in YAML
      help: comments start with `#`
      fix: Use `#` ->   # one
    3:11 comment-marker: `//` starts no comment in YAML
      help: comments start with `#`
      fix: Use `#` ->   \"a\": 1, # two
    = ~{a: 1, b: "2 // three"}
    "#);
}

#[test]
fn pasted_from_elsewhere() {
    assert_snapshot!(show("\
        ```yaml\n\
        a: 1\n\
        ```\n"), @r#"
    1:1 markdown-fence: this line belongs to Markdown, not to YAML
      fix: Remove the fences ->  ⏎ 
    = {a: 1}
    "#);
    assert_snapshot!(show("\
        cgroup\\_driver: systemd\n\
        a: 1\n"), @r#"
    1:1 markdown-escape: the key `cgroup\_driver` holds a backslash
      help: Markdown puts it before `_` and the like; the daemon takes it as part of the key
      fix: Remove the backslash -> cgroup_driver: systemd
    = {cgroup_driver: "systemd", a: 1}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        \u{feff}b: 2\n"), @r#"
    2:1 byte-order-mark: a byte order mark stands in the middle of the file
      help: files put together with `cat` often have one
      fix: Remove the byte order mark -> b: 2
    = {a: 1, b: 2}
    "#);
    assert_snapshot!(show("\
        a: \u{7}x\n\
        b: \u{1b}\u{1b}1\n"), @r#"
    1:4 control-character: the control character U+0007 is not allowed
      unsafe fix: Remove it -> a: x
    2:4 control-character: the control character U+001B is not allowed
      unsafe fix: Remove it -> b: 1
    = {a: "x", b: 1}
    "#);
    assert_snapshot!(show("\
        %foo\n\
        a: 1\n"), @r#"
    1:1 directive: `%foo` reads as a directive, as it starts with `%`
      help: remove the line, or put `#` in front
    = {a: 1}
    "#);
}

#[test]
fn blanks_that_are_none() {
    assert_snapshot!(show("\
        a:\u{a0}1\n\
        b: 2\n"), @r#"
    1:3 invisible-character: a no-break space looks like a blank and is none
      help: it often comes along when text is copied from a web page or a chat
      fix: Use plain blanks -> a: 1
    = {a: 1, b: 2}
    "#);
    assert_snapshot!(show("\
        a:\n\
        \u{a0}\u{a0}b: 1\n\
        \u{a0}\u{a0}c: 1\n\
        d: 1\n"), @r#"
    2:1 invisible-character: a no-break space looks like a blank and is none
      help: it often comes along when text is copied from a web page or a chat
      fix: Use plain blanks ->   b: 1 ⏎   c: 1
    = {a: {b: 1, c: 1}, d: 1}
    "#);
    assert_snapshot!(show("a: \u{a0}5\n"), @r#"
    1:4 invisible-character: a no-break space looks like a blank and is none
      help: it often comes along when text is copied from a web page or a chat
      fix: Use plain blanks -> a:  5
    = {a: 5}
    "#);
    assert_snapshot!(show("a: 5\u{a0}\n"), @r#"
    1:5 invisible-character: a no-break space looks like a blank and is none
      help: it often comes along when text is copied from a web page or a chat
      fix: Use plain blanks -> a: 5 
    = {a: 5}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        \u{a0}\n\
        b: x\u{a0}y\n"), @r#"
    2:1 invisible-character: a no-break space looks like a blank and is none
      help: it often comes along when text is copied from a web page or a chat
      fix: Use plain blanks ->  
    = {a: 1, b: "x\u{a0}y"}
    "#);
    assert_snapshot!(show("\u{200b}a: 1\n"), @r#"
    1:1 invisible-character: the character U+200B looks like a blank and is none
      help: it often comes along when text is copied from a web page or a chat
      fix: Use plain blanks -> a: 1
    = {a: 1}
    "#);
}

#[test]
fn conflict_markers() {
    // The first side is kept.
    assert_snapshot!(show("\
        <<<<<<< HEAD\n\
        a: 1\n\
        =======\n\
        a: 2\n\
        >>>>>>> x\n\
        b: 1\n"), @r#"
    1:1 conflict-marker: a merge conflict is not resolved here
      5:1: the conflict ends here
      help: keep one side and remove the marker lines
    = {a: 1, b: 1}
    "#);
    assert_snapshot!(show("\
        a:\n\
        <<<<<<< a\n\
        \x20 b: 1\n\
        ||||||| base\n\
        \x20 b: 0\n\
        =======\n\
        \x20 b: 2\n\
        >>>>>>> c\n"), @r#"
    2:1 conflict-marker: a merge conflict is not resolved here
      8:1: the conflict ends here
      help: keep one side and remove the marker lines
    = {a: {b: 1}}
    "#);
}

#[test]
fn templates_are_one_problem() {
    assert_snapshot!(show("\
        a: {{ x }}\n\
        b: {{ y | d(\"q: r\") }}/z # c\n\
        c: \"{{ ok }}\"\n\
        d: \"{{ f(\"x\") }}\"\n"), @r#"
    1:4 template: `{{ x }}` is a template's marker: this file is not rendered yet
      help: check the file that the template makes
    = {a: "{{ x }}", b: "{{ y | d(\"q: r\") }}/z", c: "{{ ok }}", d: "{{ f(\"x\") }}"}
    "#);
    assert_snapshot!(show("\
        a:\n\
        {% if x %}\n\
        - {{ a }}\n\
        {% else %}\n\
        - 1\n\
        {% endif %}\n\
        {{ k }}: 1\n\
        b: [{{ c }}, 2]\n"), @r#"
    2:1 template: `{% if x %}` is a template's marker: this file is not rendered yet
      help: check the file that the template makes
    = {a: ["{{ a }}", 1], {{ k }}: 1, b: ["{{ c }}", 2]}
    "#);
    assert_snapshot!(show("\
        {{- if .X }}\n\
        a: 1\n\
        \x20 b: 2\n\
        {{- end }}\n\
        c: 3\n"), @r#"
    1:1 template: `{{- if .X }}` is a template's marker: this file is not rendered yet
      help: check the file that the template makes
    = {a: 1, b: 2, c: 3}
    "#);
    assert_snapshot!(show("\
        a: 1\n\
        ${EXTRA}\n\
        b: %%X%%\n"), @r#"
    2:1 template: `${EXTRA}` is a template's marker: this file is not rendered yet
      help: check the file that the template makes
    = {a: 1, b: "%%X%%"}
    "#);
    assert_snapshot!(show("\
        %%HEADER%%\n\
        a: 1\n"), @r#"
    1:1 template: `%%HEADER%%` is a template's marker: this file is not rendered yet
      help: check the file that the template makes
    = {a: 1}
    "#);
    assert_snapshot!(show("\
        a: \"{{ x }}\"\n\
        b: ${X}\n\
        c: x-{{ y }}\n"), @r#"= {a: "{{ x }}", b: "${X}", c: "x-{{ y }}"}"#);
}

#[test]
fn keys_and_tags_that_the_loader_refuses() {
    assert_snapshot!(show("\
        ? [a]\n\
        : b\n"), @r#"
    1:3 complex-key: a list or table cannot be a key
      help: a key must be a plain word or a quoted text
    = {[a]: "b"}
    "#);
    assert_snapshot!(show("\
        a: !!int x\n\
        b: !!str 1\n\
        c: !!int \"5\"\n\
        d: !!float 1\n\
        e: !foo 1\n"), @r#"
    1:10 tag-mismatch: `x` cannot be read as `!!int`
      help: change the value or drop the tag
    = {a: x, b: "1", c: 5, d: float(1), e: "1"}
    "#);
}

#[test]
fn many_faults_give_one_problem_each() {
    assert_snapshot!(show("\
        apiVersion: v1\n\
        \x20kind: K\n\
        maxPods: 5\n\
        x: [1\n\
        y: \"a\n\
        z: 1\n\
        evictionHard\n\
        \x20 memory.available: 5%\n\
        port:10250\n\
        last: @x\n"), @r#"
    2:2 wrong-indentation: `kind` is indented below `apiVersion`, which has a value already
      1:1: align with this line
      help: start it at the left border, like `apiVersion`
      unsafe fix: Align with `apiVersion` -> kind: K
    4:6 unclosed-bracket: this `[` is never closed
      4:4: the bracket is opened here
      help: add `]` where it ends
      fix: Close the bracket -> x: [1]
    5:6 unclosed-quote: this double quote is never closed
      5:4: the quote is opened here
      help: add " where the text ends
      fix: Close the quote -> y: \"a\"
    7:13 missing-colon: there is no colon behind `evictionHard`
      fix: Insert the colon -> evictionHard:
    9:5 missing-blank: there is no blank behind the colon of `port`
      fix: Insert a blank -> port: 10250
    10:7 unquoted-string: a text that starts with `@` needs quotes
      fix: Quote it -> last: \"@x\"
    = {apiVersion: "v1", kind: "K", maxPods: 5, x: [1], y: "a", z: 1, evictionHard: {memory.available: "5%"}, port: 10250, last: "@x"}
    "#);
}

// Positions

#[test]
fn spans_cover_what_is_written() {
    let text =
        "a: &x 'q'\nlist:\n- - 1\n- k: v\n\nflow: [1, {b: 2}] # c\nempty:\nblock: |-\n  x\n  y\n\nend: !!str 1\n";
    let document = read(text);
    check(&document);
    let of = |path: &[&str]| document.root.at(path).unwrap().span.of(text);
    assert_eq!(of(&["a"]), "'q'");
    assert_eq!(of(&["list"]), "- - 1\n- k: v");
    let items = document.root.get("list").unwrap().items();
    assert_eq!(items[0].span.of(text), "- 1");
    assert_eq!(items[1].span.of(text), "k: v");
    assert_eq!(of(&["flow"]), "[1, {b: 2}]");
    assert_eq!(of(&["block"]), "|-\n  x\n  y");
    assert_eq!(of(&["end"]), "1");
    let empty = document.root.get("empty").unwrap().span;
    assert_eq!((empty.start, &text[..empty.range().start][empty.range().start - 6..]), (empty.end, "empty:"));
    assert_eq!(document.root.span.of(text), text.trim_end());
    assert_eq!(document.comments.iter().map(|c| c.of(text)).collect::<Vec<_>>(), ["# c"]);
    let keys: Vec<&str> = document.root.entries().iter().map(|e| e.key_span.of(text)).collect();
    assert_eq!(keys, ["a", "list", "flow", "empty", "block", "end"]);
}

#[test]
fn spans_survive_repairs() {
    let text = "a:1\nb: \"x\nc: {{ y }}\nd: [1, 2\né: \u{a0}5\nlast: {k: v}\n";
    let document = read(text);
    check(&document);
    let of = |key: &str| document.root.get(key).map(|n| n.span.of(text));
    assert_eq!(of("b"), Some("\"x"));
    assert_eq!(of("c"), Some("{{ y }}"));
    assert_eq!(of("d"), Some("[1, 2"));
    assert_eq!(of("é"), Some("5"));
    assert_eq!(of("last"), Some("{k: v}"));
    let style = |key: &str| document.root.get(key).unwrap().as_scalar().unwrap().style;
    assert_eq!((style("b"), style("c")), (Style::Double, Style::Plain));
}

#[test]
fn a_byte_order_mark_at_the_start_is_noted() {
    let document = read("\u{feff}a: 1\n");
    check(&document);
    assert!(document.problems.is_empty());
    assert_eq!(document.dialects, [(Dialect::ByteOrderMark, Span::new(0, 3))]);
    assert_eq!(document.root.entries()[0].key_span, Span::new(3, 4));
}

#[test]
fn nothing_is_missing_where_something_was_taken_out() {
    let document = read("a: - x\nb:\nc: 'y'z\n");
    assert!(matches!(document.root.get("a").unwrap().value, Value::Missing));
    assert!(document.root.get("b").unwrap().as_scalar().is_some());
}

// Documents within documents

const CONFIG_MAP: &str = "\
kind: ConfigMap
data:
  kubelet: |

    apiVersion: v1 # one
    list:
    - a
    ---
    second:\t1
    text: |
      a
       b
  json: |-
    {\"a\": 1}
  empty: |
  folded: >
    a: 1
  plain: a
";

#[test]
fn a_block_scalar_is_read_in_place() {
    let outer = read(CONFIG_MAP);
    check(&outer);
    let node = outer.root.at(&["data", "kubelet"]).unwrap();
    let region = block_content(CONFIG_MAP, node).unwrap();
    assert!(region.of(CONFIG_MAP).starts_with("    apiVersion"));
    assert!(region.of(CONFIG_MAP).ends_with("       b\n"));
    let inner = read_at(CONFIG_MAP, region);
    check(&inner);
    assert_snapshot!(tree(&inner), @r#"
    = {apiVersion: "v1", list: ["a"]}
    + {second: 1, text: "a\n b\n"}
    "#);
    assert!(inner.problems.is_empty());
    assert_eq!(inner.root.get("list").unwrap().span.of(CONFIG_MAP), "- a");
    assert_eq!(inner.comments[0].of(CONFIG_MAP), "# one");
    let json = block_content(CONFIG_MAP, outer.root.at(&["data", "json"]).unwrap()).unwrap();
    assert_eq!(json.of(CONFIG_MAP), "    {\"a\": 1}");
    assert_eq!(dump(&read_at(CONFIG_MAP, json).root), "~{a: 1}");
    for key in ["empty", "folded", "plain"] {
        let node = outer.root.at(&["data", key]).unwrap();
        assert_eq!(block_content(CONFIG_MAP, node), None, "{key}");
    }
}

#[test]
fn faults_in_a_block_scalar_lie_in_the_outer_text() {
    let text = "a:\n- b: |\n    x:1\n    y: [1\n    z: 2\n";
    let outer = read(text);
    assert!(outer.problems.is_empty());
    let node = outer.root.get("a").unwrap().items()[0].get("b").unwrap();
    let inner = read_at(text, block_content(text, node).unwrap());
    check(&inner);
    let shown: Vec<String> = inner.problems.iter().map(|p| render(text, p)).collect();
    assert_snapshot!(shown.join("\n"), @r#"
    3:6 missing-blank: there is no blank behind the colon of `x`
      fix: Insert a blank ->     x: 1
    4:10 unclosed-bracket: this `[` is never closed
      4:8: the bracket is opened here
      help: add `]` where it ends
      fix: Close the bracket ->     y: [1]
    "#);
    assert_eq!(tree(&inner), "= {x: 1, y: [1], z: 2}");
}

#[test]
fn a_region_that_does_not_fit_is_empty() {
    for region in [Span::new(1, 2), Span::new(3, 90), Span::new(2, 1)] {
        assert!(matches!(read_at("é: 1", region).root.value, Value::Missing));
    }
}

// Scalars

#[test]
fn scalars_have_the_types_of_the_loader() {
    use ScalarKind::{Bool, Float, Integer, Null, String};
    let table: &[(ScalarKind, &str)] = &[
        (Bool, "true True TRUE false False FALSE yes Yes YES no No NO on On ON off Off OFF y Y n N"),
        (String, "tRUE yES oN nO truee yess -yes"),
        (Null, "~ null Null NULL"),
        (String, "nULL nil none"),
        (Integer, "0 1 -1 +1 0100 -0100 0o100 0O17 0x64 0X64 -0x1 0b1 0B10 -0b1 1_00 1__0 1_ 0_7 9223372036854775807"),
        (Integer, "-9223372036854775808 18446744073709551615 0xffffffffffffffffff"),
        (Float, "1.5 -1.5 1. .5 -.5 1e3 1E-3 1.5e+3 110.0 1_0.5 08 0.1 99999999999999999999 -9223372036854775809"),
        (Float, ".inf .Inf .INF -.inf +.inf .nan .NaN .NAN"),
        (String, "1:30 10.0.0.1 1.2.3 0x 0xg 0b2 0o8 1e 1e999 . .. + -- _1 ._5 .5_0 -.nan +.nan 1s 10% 5Mi 2m0s 0.5Gi"),
        (String, "2001-12-14 2001-12-14T21:59:43Z 1-2 a1 =  <<x"),
    ];
    for (kind, words) in table {
        for word in words.split_whitespace() {
            let text = format!("a: {word}\n");
            let document = read(&text);
            assert!(document.problems.is_empty(), "{word}");
            let scalar = document.root.get("a").unwrap().as_scalar().unwrap();
            assert_eq!((scalar.kind, scalar.text.as_ref()), (*kind, word), "{word}");
        }
    }
    for quoted in ["'1'", "\"true\"", "''", "|\n  1", ">-\n  null", "!!str 1", "! 1"] {
        let text = format!("a: {quoted}\n");
        let document = read(&text);
        let scalar = document.root.get("a").unwrap().as_scalar().unwrap();
        assert_eq!(scalar.kind, String, "{quoted}");
    }
    assert_eq!(dump(&read("a:\nb: !!bool 'yes'\nc: !!null ''\n").root), "{a: null, b: bool(yes), c: null}");
}

#[test]
fn keys_stay_as_they_are_written() {
    let document = read("on: 1\n0100: 2\n'q': 3\n? long\n: 4\n\"e\\u00e9\": 5\n");
    let keys: Vec<&str> = document.root.entries().iter().map(|e| e.key.as_ref()).collect();
    assert_eq!(keys, ["on", "0100", "q", "long", "eé"]);
}

#[test]
fn texts_are_borrowed_where_they_can_be() {
    let text = "a: x\nb: 'y'\nc:z\nd: w\n";
    let document = read(text);
    for entry in document.root.entries() {
        assert!(matches!(entry.key, std::borrow::Cow::Borrowed(_)));
        let scalar = entry.value.as_scalar().unwrap();
        assert!(matches!(scalar.text, std::borrow::Cow::Borrowed(_)), "{}", scalar.text);
    }
}

// Guards

#[test]
fn enormous_texts_end_quickly() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(codes(&deep), ["too-deep"]);
    assert_eq!(codes(&"[".repeat(100_000)), ["max-depth"]);
    let steps: String = (0..200).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert_eq!(codes(&steps), ["too-deep"]);
    let bomb: String = (1..20).map(|i| format!("a{i}: &a{i} [{}]\n", format!("*a{}, ", i - 1).repeat(9))).collect();
    assert_eq!(codes(&format!("a0: &a0 [1]\n{bomb}")), ["too-many-aliases"]);
    let chain: String = (1..300).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)).collect();
    assert_eq!(codes(&format!("a0: &a0 [1]\n{chain}")), ["too-many-aliases"]);
    assert_eq!(codes(&" ".repeat((4 << 20) + 1)), ["too-long"]);
    let faults = codes(&"a: 'b' c\n".repeat(2_000));
    assert!(faults.len() <= 201 && faults.contains(&"too-many-faults"), "{}", faults.len());
    let many = "# c\n".repeat(500) + "a: 1\n";
    assert_eq!(read(&many).comments.len(), 500);
}

// Comparison with others

/// A value as others see it: structure and texts, without types.
#[derive(Debug, PartialEq)]
enum Plain {
    Text(String),
    List(Vec<Self>),
    Table(Vec<(Self, Self)>),
}

fn plain(node: &Node<'_>) -> Plain {
    match &node.value {
        Value::Missing => Plain::Text(String::new()),
        Value::Scalar(scalar) => Plain::Text(scalar.text.to_string()),
        Value::Seq(items) => Plain::List(items.iter().map(plain).collect()),
        Value::Map(map) => {
            Plain::Table(map.entries.iter().map(|e| (Plain::Text(e.key.to_string()), plain(&e.value))).collect())
        }
    }
}

/// What `yaml-rust2` reads: the documents of a text, or its error.
fn other(text: &str) -> Result<Vec<Plain>, String> {
    use yaml_rust2::parser::{Event, Parser};
    use yaml_rust2::scanner::TScalarStyle;
    let mut parser = Parser::new_from_str(text);
    let mut stack: Vec<(bool, Vec<Plain>)> = vec![(false, vec![])];
    loop {
        let (event, _) = parser.next_token().map_err(|e| e.to_string())?;
        match event {
            Event::StreamEnd => return Ok(stack.pop().unwrap().1),
            Event::Alias(_) => return Err("alias".into()),
            Event::Scalar(text, style, ..) => {
                let empty = style == TScalarStyle::Plain && text == "~";
                stack.last_mut().unwrap().1.push(Plain::Text(if empty { String::new() } else { text }));
            }
            Event::SequenceStart(..) => stack.push((false, vec![])),
            Event::MappingStart(..) => stack.push((true, vec![])),
            Event::SequenceEnd | Event::MappingEnd => {
                let (table, items) = stack.pop().unwrap();
                let node = if table {
                    let mut items = items.into_iter();
                    let pairs = std::iter::from_fn(|| Some((items.next()?, items.next()?)));
                    Plain::Table(pairs.collect())
                } else {
                    Plain::List(items)
                };
                stack.last_mut().unwrap().1.push(node);
            }
            _ => {}
        }
    }
}

fn mine(text: &str) -> Vec<Plain> {
    let document = read(text);
    std::iter::once(&document.root).chain(&document.more).map(plain).collect()
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let text = "[a-z0-9 :#'\"\\[\\]{},|>*&!%@`\\-?~é😀\n\t\\\\]{0,12}";
    let leaf = prop_oneof![
        text.prop_map(serde_json::Value::from),
        any::<i32>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-zA-Z][a-zA-Z0-9_./-]{0,8}", inner, 0..4)
                .prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
        ]
    })
}

fn same(node: &Node<'_>, value: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match value {
        Json::Null => node.is_null(),
        Json::Bool(b) => node.as_bool() == Some(*b),
        Json::Number(n) => node.as_int() == n.as_i64(),
        Json::String(s) => node.as_str() == Some(s),
        Json::Array(items) => {
            node.items().len() == items.len() && node.items().iter().zip(items).all(|(n, v)| same(n, v))
        }
        Json::Object(map) => {
            node.entries().len() == map.len() && map.iter().all(|(k, v)| node.get(k).is_some_and(|n| same(n, v)))
        }
    }
}

/// A value as block YAML, texts as JSON writes them.
fn block(value: &serde_json::Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        serde_json::Value::Array(items) if !items.is_empty() => {
            for item in items {
                *out += &format!("{pad}-");
                below(item, indent, out);
            }
        }
        serde_json::Value::Object(map) if !map.is_empty() => {
            for (key, item) in map {
                *out += &format!("{pad}{}:", serde_json::to_string(key).unwrap());
                below(item, indent, out);
            }
        }
        leaf => *out += &format!("{pad}{leaf}\n"),
    }
}

fn below(value: &serde_json::Value, indent: usize, out: &mut String) {
    let nested = value.as_array().is_some_and(|a| !a.is_empty()) || value.as_object().is_some_and(|o| !o.is_empty());
    if nested {
        *out += " # c\n";
        block(value, indent + 2, out);
    } else {
        *out += &format!(" {value}\n");
    }
}

// The corpus; skipped where it is absent.

fn shared(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{}/../../shared/{path}", env!("CARGO_MANIFEST_DIR"))).ok()
}

fn corpus() -> Vec<(String, String, bool)> {
    let index = shared("corpus/index.jsonl").unwrap_or_default();
    let rows = index.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
    rows.filter_map(|row| {
        let file = row["file"].as_str()?.to_owned();
        let wanted = row["kind"] == "kubelet" || file.starts_with("templates/");
        let text = shared(&format!("corpus/{file}")).filter(|_| wanted && file.ends_with(".yaml"))?;
        Some((file, text, row["parses"] == "ok"))
    })
    .collect()
}

#[test]
fn the_corpus_reads_without_problems() {
    for (file, text, good) in corpus() {
        let document = read(&text);
        check(&document);
        check_safe_fixes(&document);
        if !good {
            continue;
        }
        let problems: Vec<String> = document.problems.iter().map(|p| render(&text, p)).collect();
        assert!(problems.is_empty(), "{file}: {problems:?}");
        match other(&text) {
            Ok(theirs) => assert_eq!(mine(&text), theirs, "{file}"),
            Err(error) => assert_eq!(error, "alias", "{file}"),
        }
    }
}

#[test]
fn templates_of_the_corpus_have_at_most_one_problem() {
    for (file, text, _) in corpus().iter().filter(|(f, ..)| f.starts_with("templates/")) {
        // A shell session around JSON: no template of YAML.
        if file.contains("/084-") {
            continue;
        }
        assert!(read(text).problems.len() <= 1, "{file}: {:?}", codes(text));
    }
}

#[test]
fn the_kubelets_verdicts_are_met() {
    let cases = shared("facts/kubelet-cases.json").unwrap_or_else(|| "[]".into());
    let cases: Vec<serde_json::Value> = serde_json::from_str(&cases).unwrap();
    for case in &cases {
        let text = case["config"].as_str().unwrap();
        let document = read(text);
        check(&document);
        let message = case["message"].as_str().unwrap();
        // All others are refused for what the values mean.
        let yaml = message.contains("tab character");
        assert_eq!(!document.problems.is_empty(), yaml, "{}: {:?}", case["name"], codes(text));
    }
}

// Properties

const GOOD: &[&str] = &[
    "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: false\n  webhook: {enabled: true, cacheTTL: 0s}\nclusterDNS:\n- 10.96.0.10\n- \"x\"\nevictionHard:\n  memory.available: 5% # c\n",
    "kind: ConfigMap\ndata:\n  kubelet: |\n    apiVersion: v1\n    a:\n    - b\n  other: >-\n    text\n---\n# c\nb: &x\n  - 1\n  - {c: 'd'}\ne: *x\nf:\n  <<: {g: 1}\n",
    "{\n  \"a\": 1,\n  \"b\": [true, null, {\"c\": \"d\\n\"}]\n}\n",
    "a: {{ x }}\n{% if y %}\nb: \"{{ z }}\"\n{% endif %}\nc:\n  - d: 'é'\n    e: [1, 2]\n",
];

const SCRAPS: &[&str] = &[
    " ",
    "  ",
    "\n",
    ":",
    ": ",
    "-",
    "- ",
    "#",
    " # c",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\t",
    "|",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "*",
    "!",
    "!!int ",
    "%",
    "@",
    "`",
    "\\",
    "\\_",
    "? ",
    "<<: ",
    "---\n",
    "...\n",
    "a",
    "1",
    "~",
    "=",
    "//",
    "/*",
    "\r\n",
    "x: y",
    "\n  - ",
    "{{",
    "}}",
    "{% x %}\n",
    "${X}",
    "é",
    "😀",
    "\u{a0}",
    "\u{feff}",
    "\u{0}",
    "\u{200b}",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
    "```\n",
    "：",
];

fn yamlish() -> impl Strategy<Value = String> {
    let scrap =
        prop_oneof![prop::sample::select(SCRAPS), prop::sample::select(&["a: 1\n", "b:\n", "  c: d\n", "- e\n"][..])];
    prop::collection::vec(scrap, 0..40).prop_map(|v| v.concat())
}

fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0usize..4, prop::sample::select(SCRAPS));
    (prop::sample::select(GOOD), prop::collection::vec(change, 1..5)).prop_map(|(text, changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, gone, scrap) in changes {
            let at = at.index(chars.len() + 1);
            let end = (at + gone).min(chars.len());
            chars.splice(at..end, scrap.chars());
        }
        chars.into_iter().collect()
    })
}

fn check_all(text: &str) {
    let document = read(text);
    check(&document);
    check_safe_fixes(&document);
    let nodes = std::iter::once(&document.root).chain(&document.more).flat_map(|n| n.entries());
    for entry in nodes {
        if let Some(region) = block_content(text, &entry.value) {
            check(&read_at(text, region));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn yamlish_text_is_read(text in yamlish()) {
        check_all(&text);
    }

    #[test]
    fn damaged_text_is_read(text in mutated()) {
        check_all(&text);
    }

    #[test]
    fn any_region_is_read(text in yamlish(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (a, b) = (a.index(text.len() + 1), b.index(text.len() + 1));
        check(&read_at(&text, Span::new(a, b)));
    }

    #[test]
    fn json_is_read_as_json_readers_do(value in any_value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let document = read(&text);
            check(&document);
            prop_assert!(document.problems.is_empty(), "{:?}", document.problems);
            prop_assert!(same(&document.root, &value), "{} is not {}", tree(&document), text);
        }
    }

    #[test]
    fn blocks_are_read_as_others_do(value in any_value()) {
        let mut text = String::new();
        block(&value, 0, &mut text);
        let document = read(&text);
        check(&document);
        prop_assert!(document.problems.is_empty(), "{:?}", document.problems);
        prop_assert!(same(&document.root, &value), "{} is not {}", tree(&document), text);
        if let Ok(theirs) = other(&text) {
            prop_assert_eq!(mine(&text), theirs);
        }
    }
}
