//! Sizes as `github.com/docker/go-units` reads them, which dockerd and containerd use.

/// A size in bytes: a number, perhaps a blank, and a unit in any letter case. go-units has two readers, which differ
/// only in what a `k` is; this one has powers of 1000. Source: `parseSize` of docker/go-units@v0.5.0:size.go.
pub(crate) fn size(text: &str) -> Option<f64> {
    let at = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (head, unit) = text.split_at(at + 1);
    let number: f64 = head.strip_suffix(' ').unwrap_or(head).parse().ok()?;
    let unit = unit.to_ascii_lowercase();
    let mut letters = unit.chars();
    let power = match letters.next() {
        None => 0,
        Some('b') => return (number >= 0.0 && letters.as_str().is_empty()).then_some(number),
        Some(c) => "kmgtp".find(c)? + 1,
    };
    let known = matches!(letters.as_str(), "" | "b" | "ib");
    (number >= 0.0 && known).then(|| number * 1000_f64.powi(i32::try_from(power).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_as_docker_reads_them() {
        for (text, bytes) in [
            ("0", 0.0),
            ("67108864", 67_108_864.0),
            ("10m", 1e7),
            ("10M", 1e7),
            ("8192MB", 8.192e9),
            ("1 GiB", 1e9),
            ("1PiB", 1e15),
            ("1.5kb", 1500.0),
            (".5k", 500.0),
            ("5.", 5.0),
            ("2b", 2.0),
            ("5 ", 5.0),
            ("+5", 5.0),
            ("1e3", 1000.0),
        ] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in [
            "", ".", "m", "GB", "ten", "-1", "10x", "10 gigs", "10mbb", "10mi", "1bb", "10  m", "10m ", " 10", "1 0",
            "1,5", "1_0", "0x10", "1e",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
