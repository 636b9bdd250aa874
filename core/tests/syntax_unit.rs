//! The reader for systemd units and environment files: sections, words, and that nothing upsets it.

use std::fmt::Write as _;
use std::path::PathBuf;

use crilint_core::fix::{Applicability, Fix};
use crilint_core::syntax::{Document, Format, MapStyle, Node, Problem, Style, Value, read};
use crilint_core::text::{Encoding, LineIndex, Span};
use insta::assert_snapshot;
use proptest::prelude::*;

/// One line per problem: `line:column code: message`, with a `*` behind the code if a safe fix exists.
fn problems(text: &str, format: Format) -> String {
    let document = read(text, format);
    let index = LineIndex::new(text);
    let mut out = String::new();
    for p in &document.problems {
        let at = index.position(text, p.span.start, Encoding::Char);
        let (line, column) = (at.line + 1, at.column + 1);
        let safe = if safe_fix(p).is_some() { "*" } else { "" };
        let _ = writeln!(out, "{line}:{column} {}{safe}: {}", p.code, p.message);
    }
    out
}

fn tree(node: &Node<'_>) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match &node.value {
        Value::Missing => "?".into(),
        Value::Scalar(s) => format!("{:?}", s.text),
        Value::Seq(items) => format!("[{}]", list(items.iter().map(tree).collect())),
        Value::Map(map) if map.style == MapStyle::Inline => {
            let entries = map.entries.iter();
            let entries = entries.map(|e| format!("{}: {}", e.key, tree(&e.value)));
            format!("{{{}}}", list(entries.collect()))
        }
        Value::Map(map) => {
            let mut out = String::new();
            for entry in &map.entries {
                let text = tree(&entry.value);
                let nested = matches!(&entry.value.value, Value::Map(m) if m.style != MapStyle::Inline);
                let _ = if nested {
                    writeln!(out, "{}:\n  {}", entry.key, text.trim_end().replace('\n', "\n  "))
                } else {
                    writeln!(out, "{}: {text}", entry.key)
                };
            }
            out
        }
    }
}

fn show(text: &str, format: Format) -> String {
    problems(text, format) + &tree(&read(text, format).root)
}

fn unit(text: &str) -> String {
    show(text, Format::Unit)
}

fn env(text: &str) -> String {
    show(text, Format::Env)
}

fn safe_fix(problem: &Problem) -> Option<&Fix> {
    let fix = problem.fix.as_ref()?;
    (fix.applicability == Applicability::Safe).then_some(fix)
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut out = String::new();
    let mut at = 0;
    for edit in &fix.edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out + &text[at..]
}

/// The text after the fix of its only problem.
fn fixed(text: &str, format: Format) -> String {
    let document = read(text, format);
    assert_eq!(document.problems.len(), 1, "{:?}", document.problems);
    let Some(fix) = &document.problems[0].fix else {
        panic!("no fix");
    };
    apply(text, fix)
}

const KUBEADM: &str = r#"# Note: This dropin only works with kubeadm
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/k.conf --v=2" B=1
; another comment
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS \
  --config=/var/lib/kubelet/config.yaml \
  # a comment in between
  --node-labels="a b",c=''  \
  --v=2
After = network.target

[Install]
WantedBy=multi-user.target
[Service]
Restart=always
"#;

#[test]
fn units() {
    assert_snapshot!(unit(KUBEADM), @r#"
    Service:
      Environment: {KUBELET_KUBECONFIG_ARGS: ["--kubeconfig=/etc/k.conf", "--v=2"], B: ["1"]}
      EnvironmentFile: "-/var/lib/kubelet/kubeadm-flags.env"
      ExecStart: []
      ExecStart: ["/usr/bin/kubelet", "$KUBELET_KUBECONFIG_ARGS", "--config=/var/lib/kubelet/config.yaml", "--node-labels=a b,c=", "--v=2"]
      After: "network.target"
      Restart: "always"
    Install:
      WantedBy: "multi-user.target"
    "#);
}

#[test]
fn spans_of_units() {
    let document = read(KUBEADM, Format::Unit);
    let service = &document.root.entries()[0];
    assert_eq!(service.key_span.of(KUBEADM), "Service");
    let map = service.value.as_map().expect("a section");
    assert_eq!(map.style, MapStyle::Block);
    let headers: Vec<_> = map.headers.iter().map(|h| h.of(KUBEADM)).collect();
    assert_eq!(headers, ["[Service]", "[Service]"]);
    let environment = &map.entries[0].value;
    assert_eq!(environment.span.of(KUBEADM), "\"KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/k.conf --v=2\" B=1");
    let args = environment.entry("KUBELET_KUBECONFIG_ARGS").expect("the variable");
    assert_eq!(args.key_span.of(KUBEADM), "KUBELET_KUBECONFIG_ARGS");
    let words: Vec<_> = args.value.items().iter().map(|w| w.span.of(KUBEADM)).collect();
    assert_eq!(words, ["--kubeconfig=/etc/k.conf", "--v=2"]);
    let command = service.value.get("ExecStart").expect("a command");
    let words: Vec<_> = command.items().iter().map(|w| w.span.of(KUBEADM)).collect();
    assert_eq!(words[3], "--node-labels=\"a b\",c=''");
    let comments: Vec<_> = document.comments.iter().map(|c| c.of(KUBEADM)).collect();
    assert_eq!(comments.len(), 3);
    assert_eq!(comments[2], "# a comment in between");
    let after = &map.entries[4];
    assert_eq!(after.key_span.of(KUBEADM), "After");
    assert_eq!(after.value.span.of(KUBEADM), "network.target");
}

#[test]
fn words_keep_their_style() {
    let text = "[Service]\r\nExecStart=-/bin/sh -c \"a b\" 'c d' e\"f\" \\\"g \\\\h\r\n";
    assert_snapshot!(unit(text), @r#"
    Service:
      ExecStart: ["-/bin/sh", "-c", "a b", "c d", "ef", "\"g", "\\h"]
    "#);
    let document = read(text, Format::Unit);
    let command = document.root.at(&["Service", "ExecStart"]).expect("a command");
    let styles = command.items().iter().filter_map(Node::as_scalar);
    let styles: Vec<_> = styles.map(|s| s.style).collect();
    use Style::{Double, Plain, Single};
    assert_eq!(styles, [Plain, Plain, Double, Single, Plain, Plain, Plain]);
}

#[test]
fn environment_files() {
    let text = r#"# comment
export KUBELET_EXTRA_ARGS="--a --b='c d' --e"
KUBELET_KUBEADM_ARGS=--x --y
EMPTY=""
NOTHING=
command_args="--a \
  --b"
many="--a
  --b"
escaped="--x=\"y z\" --w"
KUBELET_KUBEADM_ARGS='--z'
"#;
    assert_snapshot!(env(text), @r#"
    KUBELET_EXTRA_ARGS: ["--a", "--b=c d", "--e"]
    KUBELET_KUBEADM_ARGS: ["--x", "--y"]
    EMPTY: []
    NOTHING: []
    command_args: ["--a", "--b"]
    many: ["--a", "--b"]
    escaped: ["--x=y z", "--w"]
    KUBELET_KUBEADM_ARGS: ["--z"]
    "#);
    let document = read(text, Format::Env);
    let args = &document.root.entries()[0];
    assert_eq!(args.key_span.of(text), "KUBELET_EXTRA_ARGS");
    assert_eq!(args.value.span.of(text), "\"--a --b='c d' --e\"");
    let words: Vec<_> = args.value.items().iter().map(|w| w.span.of(text)).collect();
    assert_eq!(words, ["--a", "--b='c d'", "--e"]);
}

#[test]
fn nothing_is_no_problem() {
    for format in [Format::Unit, Format::Env] {
        for text in ["", "\n\r\n ", "# only a comment\n", "\u{feff}"] {
            let document = read(text, format);
            assert!(document.problems.is_empty());
            assert!(matches!(document.root.value, Value::Missing));
        }
    }
}

#[test]
fn unclosed_quotes_damage_their_own_line() {
    assert_snapshot!(unit("[Service]\nExecStart=/a \"b \\\n c\nRestart=no\nEnvironment=\"A=b c\nUser=x\n"), @r#"
    2:14 unclosed-quote*: `"` is never closed
    5:13 unclosed-quote*: `"` is never closed
    Service:
      ExecStart: ["/a", "b   c"]
      Restart: "no"
      Environment: {A: ["b", "c"]}
      User: "x"
    "#);
    assert_snapshot!(env("A=\"--x --y\nB=--z\"\nC='--w\n"), @r#"
    1:3 unclosed-quote: `"` is never closed
    2:6 unclosed-quote: `"` is never closed
    3:3 unclosed-quote*: `'` is never closed
    A: ["--x", "--y"]
    B: ["--z"]
    C: ["--w"]
    "#);
    assert_eq!(fixed("A=\"--x --y\n", Format::Env), "A=\"--x --y\"\n");
}

#[test]
fn lines_without_equals_or_name() {
    assert_snapshot!(unit("[Service]\njunk\nExecStart=/a\n  --b \\\n  --c=d\n  --e=f\n"), @r#"
    2:1 missing-equals: `junk` has no `=`
    4:3 missing-equals: `--b \` belongs to no directive
    6:3 bad-name: `--e` cannot be the name of a directive
    Service:
      ExecStart: ["/a"]
      --e: "f"
    "#);
    assert_snapshot!(env("[Service]\nA: 1\nA-B=2\n=3\n"), @r#"
    1:1 missing-equals: `[Service]` is a section header, which this file has none of
    2:1 missing-equals: `A: 1` has no `=`
    3:1 bad-name: `A-B` cannot be the name of a variable
    4:1 bad-name: `=` stands without the name of a variable
    A-B: ["2"]
    : ["3"]
    "#);
}

#[test]
fn text_before_the_first_section() {
    assert_snapshot!(unit("--x=y\n\n[root@k8s ~]# cat kubelet.service\n[Unit]\nAfter=a\n"), @r#"
    1:1 text-before-section: `--x=y` stands before the first section
    Unit:
      After: "a"
    "#);
    assert_snapshot!(unit("ExecStart=/a\nUser=b\n"), @r"
    1:1 text-before-section: `ExecStart=/a` stands in no section
    ?
    ");
}

#[test]
fn environment_without_quotes() {
    let text = "[Service]\nEnvironment=KUBELET_EXTRA_ARGS=--a --b --c=d\nEnvironment=\nEnvironment=x\n";
    assert_snapshot!(unit(text), @r#"
    2:36 missing-quotes: `--b` is not part of `KUBELET_EXTRA_ARGS`, which ends at the blank before it
    4:13 missing-equals: `x` assigns nothing: no `NAME=` in front of it
    Service:
      Environment: {KUBELET_EXTRA_ARGS: ["--a"]}
      Environment: {}
      Environment: {}
    "#);
    assert_eq!(fixed("[S]\nEnvironment=A=--a --b\n", Format::Unit), "[S]\nEnvironment=\"A=--a --b\"\n");
}

#[test]
fn backslashes_that_do_not_do_what_they_should() {
    assert_snapshot!(unit("[Service]\nExecStart=/a \\ \n  --b \\\n  # c\n[Install]\nWantedBy=x\n"), @r#"
    2:15 blanks-after-backslash: blanks behind the backslash end the command here
    5:1 continued-line: the backslash above makes `[Install]` a part of the command
    Service:
      ExecStart: ["/a", "--b"]
    Install:
      WantedBy: "x"
    "#);
    assert_snapshot!(unit("[Service]\nExecStart=/a \\\nRestart=always\n"), @r#"
    3:1 continued-line: the backslash above makes `Restart=always` a part of the command
    Service:
      ExecStart: ["/a"]
      Restart: "always"
    "#);
}

#[test]
fn invisible_characters() {
    let text = "[Service]\nExecStart=/a\u{a0}--b \u{200b}--c\nDescription=x\u{a0}y\n";
    assert_snapshot!(unit(text), @r#"
    2:13 invisible-character: the character U+00A0 stands between words, and 1 more in this file
    Service:
      ExecStart: ["/a", "--b", "--c"]
      Description: "x\u{a0}y"
    "#);
    assert_eq!(fixed(text, Format::Unit), "[Service]\nExecStart=/a --b --c\nDescription=x\u{a0}y\n");
}

#[test]
fn templates_are_one_problem() {
    let text = "[Service]\n{% if x %}\nExecStart=/a \\\n{{#if y}}\n  --b={{ y | join \",\" }} \\\n{{/if}}\n  --c\n{% endif %}\nUser=${NAME}\n";
    assert_snapshot!(unit(text), @r#"
    2:1 template: `{% if x %}` is a template marker
    Service:
      ExecStart: ["/a", "--b={{ y | join \",\" }}", "--c"]
      User: "${NAME}"
    "#);
    assert_snapshot!(env("{# c #}\nA=\"--v={{ x }} {{ y z }}\"\n"), @r#"
    1:1 template: `{# c #}` is a template marker
    A: ["--v={{ x }}", "{{ y z }}"]
    "#);
    assert_snapshot!(unit("[S]\nExecStartPre=/usr/bin/docker ps --format '{{ .ID }}'\n"), @r#"
    S:
      ExecStartPre: ["/usr/bin/docker", "ps", "--format", "{{ .ID }}"]
    "#);
}

#[test]
fn conflicts_are_one_problem_each() {
    assert_snapshot!(unit("[A]\n<<<<<<< HEAD\nx=1\n=======\nx=2\n>>>>>>> b\ny=3\n"), @r#"
    2:1 conflict-marker: a merge conflict of Git is left in the file
    A:
      x: "1"
      y: "3"
    "#);
}

/// Texts made to send the look-ahead through the whole file over and over.
#[test]
fn hostile_texts_take_linear_time() {
    let start = std::time::Instant::now();
    for part in [
        "=======\n",
        "{{",
        "\"",
        "A=\"\n",
        "A=\\\n",
        "\\\n",
        "[a]\n",
        "a=\\\n#\n",
        "{% ",
        "x\n",
        "A=b ",
        "'\n",
        "A=\"{{ ",
        " ",
        "#\n",
        "Exec=\\ \n-",
    ] {
        let text = part.repeat((1 << 16) / part.len());
        for format in [Format::Unit, Format::Env] {
            let _ = read(&text, format);
            let _ = read(&("[Service]\nExecStart=".to_owned() + &text), format);
        }
    }
    let mut text = String::new();
    for n in 0..30_000 {
        let _ = writeln!(text, "[s{n}]");
    }
    let _ = read(&text, Format::Unit);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

fn check(text: &str, format: Format) {
    let document = read(text, format);
    check_node(&document.root, Span::new(0, text.len()), text);
    for problem in &document.problems {
        check_problem(problem, text);
    }
    assert!(document.problems.is_sorted_by_key(|p| p.span.start));
    let mut end = 0;
    for comment in &document.comments {
        check_span(*comment, text);
        assert!(comment.start >= end && comment.start < comment.end, "{text:?}");
        end = comment.end;
    }
}

fn check_span(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

fn check_node(node: &Node<'_>, parent: Span, text: &str) {
    check_span(node.span, text);
    assert!(parent.contains(node.span), "{:?} in {parent:?}: {text:?}", node.span);
    for entry in node.entries() {
        check_span(entry.key_span, text);
        assert!(node.span.contains(entry.key_span), "{text:?}");
        check_node(&entry.value, node.span, text);
    }
    node.items().iter().for_each(|n| check_node(n, node.span, text));
}

fn check_problem(problem: &Problem, text: &str) {
    check_span(problem.span, text);
    if let Some((span, _)) = problem.related {
        check_span(span, text);
    }
    assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
    let first = problem.message.chars().next().unwrap_or('A');
    assert!(!first.is_uppercase(), "{}", problem.message);
    let Some(fix) = &problem.fix else { return };
    let mut end = 0;
    for edit in &fix.edits {
        check_span(edit.span, text);
        assert!(edit.span.start >= end, "{:?} in {text:?}", fix.edits);
        end = edit.span.end;
    }
}

/// A safe fix must leave fewer problems.
fn check_safe_fixes(text: &str, format: Format) {
    let document = read(text, format);
    let count = |d: &Document<'_>, code| d.problems.iter().filter(|p| p.code == code).count();
    for problem in &document.problems {
        let Some(fix) = safe_fix(problem) else { continue };
        let after = apply(text, fix);
        let again = read(&after, format);
        let fewer = count(&again, problem.code) < count(&document, problem.code);
        assert!(fewer, "{}\n{text}\n--\n{after}\n{}", problem.code, problems(&after, format));
    }
}

fn mutate(text: &str, steps: &[(usize, u8)]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    let signs: Vec<char> = "[]\"'\\\n\r \t=#;{}%$-\u{a0}x".chars().collect();
    for (at, how) in steps {
        if text.is_empty() {
            break;
        }
        let at = at % text.len();
        let sign = signs[*how as usize % signs.len()];
        match how {
            0..80 => drop(text.remove(at)),
            80..160 => text[at] = sign,
            160..245 => text.insert(at, sign),
            _ => text.truncate(at),
        }
    }
    text.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text, Format::Unit);
        check(&text, Format::Env);
    }

    #[test]
    fn any_signs(text in "[A-C\\[\\]\"'\\\\=#; \n\r\t{}%$<>\u{a0}\u{200b}é-]{0,60}") {
        for format in [Format::Unit, Format::Env] {
            check(&text, format);
            check(&format!("[S]\nExecStart={text}"), format);
            check(&format!("[S]\nEnvironment={text}"), format);
            check(&format!("A={text}"), format);
        }
    }

    #[test]
    fn damaged_units(steps in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4)) {
        let text = mutate(KUBEADM, &steps);
        for format in [Format::Unit, Format::Env] {
            check(&text, format);
            check_safe_fixes(&text, format);
        }
    }
}

fn shared(path: &str) -> Option<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::fs::read_to_string(root.join(path)).ok()
}

#[test]
fn corpus() {
    let Some(index) = shared("corpus/index.jsonl") else {
        return;
    };
    for line in index.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).expect("index");
        let file = entry["file"].as_str().unwrap_or("");
        let format = match file.rsplit('.').next() {
            Some("conf") => Format::Unit,
            Some("env") => Format::Env,
            _ => continue,
        };
        let text = shared(&format!("corpus/{file}")).expect("corpus file");
        check(&text, format);
        let found = read(&text, format).problems;
        if entry["kind"] == "flags" {
            // One was copied with the shell prompt above it and no-break spaces all over.
            let copied = file.contains("021-cby-chen");
            assert!(found.is_empty() || copied, "{file}\n{}", problems(&text, format));
        }
    }
}
