//! Texts inside of other files: the same findings and fixes as for the text alone, at the place of the text in the
//! file that holds it.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "support/corpus.rs"]
mod corpus;

use crilint_core::engine::{Options, Source, fix, fix_once};
use crilint_core::fix::{Applicability, apply};
use crilint_core::kinds;
use crilint_core::syntax::{self, Format};
use crilint_core::{Finding, Severity, Span, check, compat, embedded, ide};

const USER_DATA: &str = "user-data.yaml";

/// A text inside of user data for cloud-init, and where each of its bytes is written.
struct Wrapped {
    outer: String,
    places: Vec<Span>,
}

impl Wrapped {
    fn new(head: &str) -> Self {
        Self { outer: head.to_owned(), places: vec![] }
    }

    fn add(&mut self, c: char, written: &str) {
        let start = self.outer.len();
        self.outer.push_str(written);
        let is_same = written.len() == c.len_utf8();
        let place =
            |byte| if is_same { Span::new(start + byte, start + byte + 1) } else { Span::new(start, self.outer.len()) };
        self.places.extend((0..c.len_utf8()).map(place));
    }

    /// As a literal block scalar.
    fn block(path: &str, text: &str) -> Self {
        let chomping = match text {
            _ if !text.ends_with('\n') => "-",
            _ if text.ends_with("\n\n") => "+",
            _ => "",
        };
        let mut all = Self::new(&format!("#cloud-config\nwrite_files:\n- path: {path}\n  content: |2{chomping}\n"));
        for line in text.split_inclusive('\n') {
            if !line.trim_end_matches('\n').is_empty() {
                all.outer.push_str("    ");
            }
            line.chars().for_each(|c| all.add(c, &c.to_string()));
        }
        all
    }

    /// In double quotes.
    fn quoted(path: &str, text: &str) -> Self {
        let mut all = Self::new(&format!("write_files:\n- path: {path}\n  content: \""));
        for c in text.chars() {
            match c {
                '\n' => all.add(c, "\\n"),
                '\t' => all.add(c, "\\t"),
                '"' => all.add(c, "\\\""),
                '\\' => all.add(c, "\\\\"),
                c => all.add(c, &c.to_string()),
            }
        }
        all.outer.push_str("\"\n");
        all
    }

    fn place(&self, span: Span) -> Span {
        let start = self.places.get(span.start as usize).or(self.places.last()).unwrap();
        let start = if (span.start as usize) < self.places.len() { start.start } else { start.end };
        match span.end.checked_sub(1).filter(|_| span.start < span.end) {
            Some(last) => Span { start, end: self.places[last as usize].end },
            None => Span { start, end: start },
        }
    }
}

fn findings(path: &str, text: &str) -> Vec<Finding> {
    check(&[Source { path, text, ..Source::default() }], &Options::default()).findings
}

/// The text inside of user data.
fn inside(outer: &str) -> String {
    embedded::texts(USER_DATA, &syntax::read(outer, Format::Yaml)).remove(0).text
}

/// The texts of the corpus that YAML can hold, by a path that shows their kind.
fn texts() -> Vec<corpus::Text> {
    let mut texts = corpus::texts();
    texts.retain(|text| {
        let has_control = text.text.contains(|c: char| c == '\u{feff}' || c.is_control() && c != '\n' && c != '\t');
        text.kind.is_none() && !text.text.trim().is_empty() && !has_control
    });
    texts
}

#[test]
fn a_text_inside_has_the_findings_of_the_text_alone() {
    let (mut count, mut fixes, mut withheld) = (0, 0, 0);
    for text in texts() {
        for (form, wrapped) in
            [("block", Wrapped::block(&text.path, &text.text)), ("quoted", Wrapped::quoted(&text.path, &text.text))]
        {
            let name = format!("{} ({form})", text.path);
            let (alone, there) = (findings(&text.path, &text.text), findings(USER_DATA, &wrapped.outer));
            assert_eq!(inside(&wrapped.outer), text.text, "{name}");
            let shown = |f: &Finding, span: Span| (f.rule, f.message.clone(), f.severity, span.start, span.end);
            let mut expected: Vec<_> = alone.iter().map(|f| shown(f, wrapped.place(f.span))).collect();
            let mut found: Vec<_> = there.iter().map(|f| shown(f, f.span)).collect();
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{name}");
            count += found.len();
            for one in &alone {
                let of_one = |f: &&Finding| shown(f, f.span) == shown(one, wrapped.place(one.span));
                let other = there.iter().find(of_one).unwrap();
                fixes += one.fixes.len();
                withheld += one.fixes.len() - other.fixes.len();
                for fix in &other.fixes {
                    let outside = one.fixes.iter().filter(|own| own.title == fix.title);
                    let outer = apply(&wrapped.outer, &fix.edits);
                    let is_same = |text: String| inside(&outer).trim_end() == text.trim_end();
                    let mut results = outside.map(|own| apply(&text.text, &own.edits));
                    assert!(results.any(is_same), "{name}: {}\n{outer}", fix.title);
                }
            }
        }
    }
    assert!(count > 300, "{count} findings");
    assert!(withheld * 20 < fixes, "{withheld} of {fixes} fixes withheld");
}

#[test]
fn fixing_a_text_inside_makes_what_fixing_it_alone_makes() {
    let mut fixed = 0;
    for text in texts() {
        let source = |path, text| Source { path, text, ..Source::default() };
        let wrapped = Wrapped::block(&text.path, &text.text);
        let options = Options::default();
        let alone = fix(&[source(&text.path, &text.text)], &options, Applicability::Unsafe);
        let there = fix(&[source(USER_DATA, &wrapped.outer)], &options, Applicability::Unsafe);
        if alone.count == there.count {
            assert_eq!(inside(&there.texts[0]).trim_end(), alone.texts[0].trim_end(), "{}", text.path);
            fixed += alone.count;
        }
        let again = fix_once(&[source(USER_DATA, &there.texts[0])], &options, Applicability::Unsafe);
        assert_eq!(again.texts, there.texts, "{}", text.path);
    }
    assert!(fixed > 60, "{fixed} fixed");
}

/// The findings that are more than advice, each with the text that it stands at.
fn found(path: &str, text: &str) -> Vec<String> {
    let all = findings(path, text).into_iter().filter(|finding| finding.severity > Severity::Info);
    all.map(|finding| format!("{} at {}", finding.rule, finding.span.of(text))).collect()
}

#[test]
fn files_without_our_texts_stay_unknown() {
    for (path, text) in [
        ("user-data", "#cloud-config\nwrite_files:\n- path: /etc/motd\n  content: hello\n"),
        ("cloud.yaml", "#cloud-config\nwrite_files:\n- path: /etc/foo/config.toml\n  content: |\n    [a]\n    b = 1\n"),
        ("values.yaml", "config.toml: |\n  [agent]\n    interval = \"10s\"\ndaemon: {a: 1}\n"),
        ("cm.yaml", "kind: ConfigMap\ndata:\n  app.yaml: |\n    kubelet: 1\n  kubelet: x\n"),
        ("init.yaml", "apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\nnodeRegistration: {name: a}\n"),
        ("kind.yaml", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: [{role: worker}]\n"),
        ("talos.yaml", "version: v1alpha1\nmachine:\n  type: worker\n  kubelet: {image: a}\n"),
        ("a.json", "{\"ignition\": {\"version\": \"3.4.0\"}, \"storage\": {\"files\": []}}"),
    ] {
        let report = check(&[Source { path, text, ..Source::default() }], &Options::default());
        assert_eq!((report.files[0].kind, report.findings.len()), (None, 0), "{path}");
    }
}

#[test]
fn texts_are_decoded() {
    // {"log-opts": {"max-size": 10}} and a line end
    const BASE64: &str = "eyJsb2ctb3B0cyI6IHsibWF4LXNpemUiOiAxMH19Cg==";
    let rule = "log-opts-not-string";
    // The same, compressed.
    const GZIP: &str = "H4sIAAAAAAAAA6tWyslP180vKClWslKoVspNrNAtzqxKBXIMDWpruQA7WvCdHwAAAA==";
    for encoding in ["gz+b64", "gzip+base64"] {
        let text = format!(
            "write_files:\n- encoding: {encoding}\n  path: /etc/docker/daemon.json\n  content: {GZIP}\n\
             - {{encoding: gzip, path: /etc/containerd/config.toml, content: x}}\n"
        );
        assert_eq!(found(USER_DATA, &text), [format!("{rule} at {GZIP}")]);
    }
    let text = format!(
        "variant: fcos\nstorage: {{files: [{{path: /etc/docker/daemon.json, contents: {{compression: gzip, source: \
         \"data:;base64,{GZIP}\"}}}}]}}\n"
    );
    assert_eq!(found("config.bu", &text), [format!("{rule} at \"data:;base64,{GZIP}\"")]);
    for encoding in ["b64", "base64"] {
        let text = format!(
            "#cloud-config\nwrite_files:\n- encoding: {encoding}\n  path: /etc/docker/daemon.json\n  content: {BASE64}\n"
        );
        assert_eq!(found(USER_DATA, &text), [format!("{rule} at {BASE64}")]);
        let [one] = findings(USER_DATA, &text).try_into().unwrap_or_else(|all| panic!("{all:?}"));
        assert!(one.message.ends_with("(line 1 of the text)") && one.fixes.is_empty(), "{one:?}");
    }
    for (url, at) in [
        (format!("data:text/plain;charset=utf-8;base64,{BASE64}"), None),
        ("data:,%7B%22log-opts%22%3A%20%7B%22max-size%22%3A%2010%7D%7D%0A".to_owned(), None),
        ("https://example.org/daemon.json".to_owned(), Some(())),
    ] {
        let text = format!(
            "{{\"ignition\": {{\"version\": \"3.4.0\"}}, \"storage\": {{\"files\": [{{\"path\": \
             \"/etc/docker/daemon.json\", \"contents\": {{\"source\": \"{url}\"}}}}]}}}}"
        );
        let expected = if at.is_some() { vec![] } else { vec![format!("{rule} at \"{url}\"")] };
        assert_eq!(found("config.ign.json", &text), expected);
    }
}

#[test]
fn comments_inside_and_outside_silence() {
    let text = |outside: &str, inside: &str| {
        format!(
            "#cloud-config\n{outside}\nwrite_files:\n- path: /etc/containerd/config.toml\n  content: |\n    version = 2\n    \
             [plugins.\"io.containerd.grpc.v1.cri\"]\n    {inside}\n      stream_server_address = \"0.0.0.0\"\n"
        )
    };
    assert_eq!(found(USER_DATA, &text("", "")), ["stream-server-exposed at \"0.0.0.0\""]);
    assert!(findings(USER_DATA, &text("", "# crilint: ignore[stream-server-exposed] in a test")).is_empty());
    assert!(findings(USER_DATA, &text("# crilint: ignore-file[stream-server-exposed] in a test", "")).is_empty());
    let patch = |comment: &str| {
        format!(
            "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\ncontainerdConfigPatches:\n- |\n{comment}  version = 3\n"
        )
    };
    assert_eq!(found("kind.yaml", &patch("")), ["kind-patch-ignored at version = 3"]);
    assert!(findings("kind.yaml", &patch("  # crilint: ignore[kind-patch-ignored] in a test\n")).is_empty());
    let part = "version: v1alpha1\nmachine:\n  kubelet:\n    extraConfig:\n      # crilint: ignore[anonymous-auth] here\n      \
                maxPods: 5\n";
    assert_eq!(findings("talos.yaml", part)[0].rule, "unused-ignore");
    assert_eq!(findings("talos.yaml", part).len(), 1);
}

#[test]
fn secrets_inside_are_masked() {
    let text = "#cloud-config\nwrite_files:\n- path: /etc/containerd/config.toml\n  content: |\n    version = 2\n    \
                [plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"a.test\".auth]\n      \
                password = \"hunter2-hunter2\"\n      auths = 5\n";
    let report = check(&[Source { path: USER_DATA, text, ..Source::default() }], &Options::default());
    let spans: Vec<&str> = report.secrets.spans(0).iter().map(|span| span.of(text)).collect();
    assert!(spans.iter().any(|span| span.contains("hunter2-hunter2")), "{spans:?}");
    assert!(!report.secrets.source(0, text).unwrap().text.contains("hunter2"));
    assert!(report.findings.iter().all(|finding| !format!("{} {}", finding.message, finding.why).contains("hunter2")));
}

#[test]
fn each_text_inside_has_its_verdicts() {
    let text = "#cloud-config\nwrite_files:\n- path: /etc/containerd/config.toml\n  content: |\n    version = 3\n\
                - path: /etc/docker/daemon.json\n  content: '{\"mtu\": \"a\"}'\n";
    let (report, all) = compat(&[Source { path: USER_DATA, text, ..Source::default() }], &Options::default());
    let names: Vec<_> = all.iter().map(|one| report.files[0].texts[one.text - 1].name.as_str()).collect();
    assert_eq!(names, ["/etc/containerd/config.toml", "/etc/docker/daemon.json"]);
    let last = |number: usize| all[number].forecasts.last().unwrap().verdict.id();
    assert_eq!((last(0), last(1)), ("accepted", "refused"));
    assert_eq!(report.files[0].kind, Some(&kinds::WRAPPER));
}

#[test]
fn editors_see_texts_inside() {
    let text = "#cloud-config\nwrite_files:\n- path: /etc/containerd/config.toml\n  content: |\n    version = 2\n    \
                [plugins.\"io.containerd.grpc.v1.cri\"]\n      stream_server_address = \"0.0.0.0\"\n      sand\n";
    let source = Source { path: USER_DATA, text, ..Source::default() };
    let options = Options::default();
    let at = |part: &str| text.find(part).unwrap() as u32;
    let hover = ide::hover(&source, &options, at("server_address")).unwrap();
    assert_eq!(hover.span.of(text), "stream_server_address");
    let offered = ide::complete(&source, &options, at("sand\n") + 4);
    assert!(offered.iter().any(|one| one.label == "sandbox_image" && one.span.of(text) == "sand"), "{offered:?}");
    let text = text.replace("      sand\n", "");
    let source = Source { path: USER_DATA, text: &text, ..Source::default() };
    let report = check(std::slice::from_ref(&source), &options);
    let span = report.findings[0].span;
    let actions = ide::actions(std::slice::from_ref(&source), &options, &report, 0, span);
    let ignored = actions.iter().find(|action| action.kind == ide::ActionKind::Ignore).unwrap();
    let silenced = apply(&text, &ignored.edits);
    assert!(silenced.contains("\n      # crilint: ignore[stream-server-exposed]\n      stream_server"), "{silenced}");
    assert!(findings(USER_DATA, &silenced).is_empty());
}
