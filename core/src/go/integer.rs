//! Integers as Go's `strconv.ParseInt` reads them with base 0, and with it pflag's flags of integer types.
//!
//! Source: `ParseUint`, `underscoreOK` of golang/go@go1.23.0:src/strconv/atoi.go.

/// An integer: decimal, hexadecimal after `0x`, binary after `0b`, octal after `0o` or `0`, with `_` between digits.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // Behind a base an underscore may stand before the first digit too.
    let digits = if radix == 10 { digits } else { digits.strip_prefix('_').unwrap_or(digits) };
    if digits.starts_with('+') || digits.split('_').any(str::is_empty) {
        return None;
    }
    u64::from_str_radix(&digits.replace('_', ""), radix).ok().map(|number| sign * i128::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_go_reads_them() {
        for (text, number) in [
            ("0", 0),
            ("110", 110),
            ("+5", 5),
            ("-5", -5),
            ("0x1F", 31),
            ("0X1f", 31),
            ("0o17", 15),
            ("017", 15),
            ("00", 0),
            ("0b101", 5),
            ("-0x10", -16),
            ("1_000", 1000),
            ("0x_ff", 255),
            ("0_7", 7),
            ("18446744073709551615", 18_446_744_073_709_551_615),
        ] {
            assert_eq!(integer(text), Some(number), "{text}");
        }
        for text in [
            "",
            "-",
            "+",
            "x",
            "1.5",
            "1e3",
            "08",
            "0x",
            "0b2",
            "1__0",
            "_1",
            "1_",
            "0_",
            "--5",
            "+-5",
            "0x+5",
            " 5",
            "5 ",
            "18446744073709551616",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }
}
