//! Time, depth and length: reading takes time in proportion to the text, however odd it is.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crilint_core::syntax::{Document, Format, MAX_LEN, Node, Value, read};

use crate::{invariants, toml};

/// Reads a text; its problems by code.
fn codes(text: &str, format: Format) -> Vec<&'static str> {
    let document = read(text, format);
    invariants::check(&document);
    document.problems.iter().map(|p| p.code).collect()
}

fn assert_quick<'t>(text: &'t str, format: Format) -> Document<'t> {
    let start = Instant::now();
    let document = read(text, format);
    let shown: String = text.chars().take(40).collect();
    assert!(start.elapsed() < Duration::from_secs(5), "{shown:?}… took {:?}", start.elapsed());
    document
}

#[test]
fn pieces_of_toml_take_linear_time() {
    let odd = toml::PIECES.iter().flat_map(|one| toml::PIECES.iter().step_by(29).map(move |two| format!("{one}{two}")));
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
        assert_quick(&piece.repeat(100_000 / piece.len()), Format::Toml);
    }
    let many: String = (0..20_000).map(|n| format!("key_{n} = {n}\n")).collect();
    assert_eq!(assert_quick(&many, Format::Toml).root.entries().len(), 20_000);
}

/// Texts made to send the look-ahead through the whole file over and over.
#[test]
fn pieces_of_json_take_linear_time() {
    for part in [
        "{]",
        "[}",
        "\"",
        "'\n",
        "/*\n\"a\":",
        "{{",
        "${",
        "<<<<<<<\n",
        "=======\n",
        "[\"a\":",
        "{\"a\":{\n\"b\":",
        "\"\n",
        "a:",
        "“",
        "\"a\nb",
        "{\n  \"a\": 1,\n\"b\": 2,",
        "|||||||\n",
        "#",
        "\"{{\"a",
        "a:1,",
        "'a",
        "“a",
        "a ",
        "\"a\"b",
        "a\"b ",
        "\"a\" ",
        "$",
        "a:b ",
    ] {
        let text = part.repeat((1 << 16) / part.len());
        assert_quick(&text, Format::Json);
        assert_quick(&("{".to_owned() + &text), Format::Json);
    }
}

#[test]
fn pieces_of_units_take_linear_time() {
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
            assert_quick(&text, format);
            assert_quick(&("[Service]\nExecStart=".to_owned() + &text), format);
        }
    }
    let mut text = String::new();
    for n in 0..30_000 {
        let _ = writeln!(text, "[s{n}]");
    }
    assert_quick(&text, Format::Unit);
}

#[test]
fn depth_has_an_end() {
    let toml = |text: &str| codes(text, Format::Toml);
    for text in [
        "[".repeat(100_000),
        "a = ".to_owned() + &"[".repeat(100_000),
        "a = ".to_owned() + &"{a = ".repeat(50_000),
        "a.".repeat(100_000) + " = 1",
        format!("[{}]", "a.".repeat(100_000)),
    ] {
        let found = toml(&text);
        let limits = ["too-deep", "invalid-header", "unclosed-header"];
        assert!(found.iter().any(|code| limits.contains(code)), "{:?}", found.first());
    }
    let deep = format!("a = {}1{}\nb = 2\n", "[".repeat(300), "]".repeat(300));
    let document = read(&deep, Format::Toml);
    let problem = &document.problems[0];
    assert_eq!((document.problems.len(), problem.code, problem.span.start), (1, "too-deep", 132));
    assert_eq!(document.root.get("b").and_then(Node::as_int), Some(2));

    let document = "[".repeat(100_000);
    let document = read(&document, Format::Json);
    let problem = &document.problems[0];
    assert_eq!((document.problems.len(), problem.code, problem.span.start), (1, "too-deep", 128));
    let closed = "[".repeat(128) + &"]".repeat(128);
    assert!(codes(&closed, Format::Json).is_empty());

    let yaml = |text: &str| codes(text, Format::Yaml);
    assert_eq!(yaml(&format!("{}{}", "[".repeat(200), "]".repeat(200))), ["too-deep"]);
    assert_eq!(yaml(&"[".repeat(100_000)), ["max-depth"]);
    let steps: String = (0..200).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert_eq!(yaml(&steps), ["too-deep"]);
}

#[test]
fn aliases_have_an_end() {
    let yaml = |text: &str| codes(text, Format::Yaml);
    let bomb: String = (1..20).map(|i| format!("a{i}: &a{i} [{}]\n", format!("*a{}, ", i - 1).repeat(9))).collect();
    assert_eq!(yaml(&format!("a0: &a0 [1]\n{bomb}")), ["too-many-aliases"]);
    let chain: String = (1..300).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)).collect();
    assert_eq!(yaml(&format!("a0: &a0 [1]\n{chain}")), ["too-many-aliases"]);
}

#[test]
fn length_and_faults_have_an_end() {
    for (format, sign) in
        [(Format::Toml, "#"), (Format::Json, " "), (Format::Yaml, " "), (Format::Unit, "#"), (Format::Env, "#")]
    {
        let long = sign.repeat(MAX_LEN + 1);
        assert_eq!(codes(&long, format), ["too-long"]);
        assert!(matches!(read(&long, format).root.value, Value::Missing));
    }
    let faults = codes(&"a: 'b' c\n".repeat(2_000), Format::Yaml);
    assert!(faults.len() <= 201 && faults.contains(&"too-many-faults"), "{}", faults.len());
    let many = "# c\n".repeat(500) + "a: 1\n";
    assert_eq!(read(&many, Format::Yaml).comments.len(), 500);
}
