//! The forms of texts that dockerd reads while it loads its file. Each reader returns what is wrong with a text, if
//! anything.

use std::net::IpAddr;

use crate::docker::network::Cidr;
use crate::go::duration::duration;
use crate::go::integer::integer;
use crate::go::size::size;
use crate::kind::WrittenSetting;
use crate::releases::Releases;

/// What is wrong with a text.
pub(crate) struct Malformed {
    /// What the text is, behind "is".
    pub(crate) what: &'static str,
    /// What the daemon prints.
    pub(crate) log: String,
    /// What to write.
    pub(crate) wanted: &'static str,
    /// Releases that refuse it while loading the file.
    pub(crate) refused: Releases,
    /// Releases that find it only when they start, which `dockerd --validate` does not do.
    pub(crate) late: Releases,
}

/// Reads a text, and returns what is wrong with it.
pub(crate) type ReadText = fn(&str) -> Option<Malformed>;

const NEVER: Releases = Releases::NONE;

fn malformed(what: &'static str, log: String, wanted: &'static str, refused: Releases) -> Option<Malformed> {
    Some(Malformed { what, log, wanted, refused, late: NEVER })
}

/// A bare IP address.
pub(crate) fn address(text: &str) -> Option<Malformed> {
    if text.parse::<IpAddr>().is_ok() {
        return None;
    }
    let has_port = text.rsplit_once(':').is_some_and(|(host, _)| host.parse::<IpAddr>().is_ok());
    let what = if has_port { "an address with a port, not a bare address" } else { "not an IP address" };
    malformed(what, format!("invalid IP address: {text}"), "an IP address, without a port", Releases::ANY)
}

/// The same with a scope (`fe80::1%eth0`), as Go's newer address type reads it.
pub(crate) fn scoped_address(text: &str) -> Option<Malformed> {
    let plain = text.split_once('%').filter(|(_, zone)| !zone.is_empty()).map(|(addr, _)| addr);
    address(plain.filter(|addr| addr.contains(':')).unwrap_or(text))
}

/// An address of a DNS server. Releases up to 24.0 read strings and remove their blanks; 29 takes scopes.
pub(crate) fn dns(text: &str) -> Option<Malformed> {
    let mut found = match text {
        "" => malformed("not an IP address", " is not an ip address".to_owned(), "an IP address", Releases::ANY)?,
        text => address(text)?,
    };
    found.refused = match text.trim() {
        "" if text.is_empty() => Releases::docker("..24"),
        trimmed if address(trimmed).is_none() => Releases::docker("25.."),
        _ if scoped_address(text).is_none() => Releases::docker("..28"),
        _ => Releases::ANY,
    };
    Some(found)
}

/// The name of a plugin, which dockerd asks when it starts.
pub(crate) fn plugin(text: &str) -> Option<Malformed> {
    if !text.is_empty() {
        return None;
    }
    let log = "failed to validate authorization plugin: legacy plugin: Unable to find plugin without name".to_owned();
    let found = malformed("not the name of a plugin", log, "the name of a plugin, or remove the item", NEVER)?;
    Some(Malformed { late: Releases::ANY, ..found })
}

/// A domain for `resolv.conf`, or a dot for none.
/// Source: moby/moby@docker-v29.7.2:daemon/pkg/opts/opts.go (`ValidateDNSSearch`).
pub(crate) fn domain(text: &str) -> Option<Malformed> {
    let text = text.trim_matches(' ');
    let name = text.trim_end().strip_suffix('.').unwrap_or(text.trim_end());
    // The expression upstream lets a colon pass before each label.
    let label = |label: &str| {
        let label = label.trim_start_matches(':');
        let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let letters = text.bytes().any(|b| b.is_ascii_alphabetic());
    if text == "." || (letters && name.len() < 255 && name.split('.').all(label)) {
        return None;
    }
    malformed(
        "not a domain",
        format!("{text} is not a valid domain"),
        "a domain such as `corp.example`, or `.` for none",
        Releases::ANY,
    )
}

/// A size in a string.
pub(crate) fn shm_size(text: &str) -> Option<Malformed> {
    if size(text).is_some() {
        return None;
    }
    malformed("not a size", format!("invalid size: '{text}'"), "a size such as `64M` or `1g`", Releases::ANY)
}

/// An IPv6 network that is not for multicast; an IPv4 one inside counts as IPv4.
/// Source: moby/moby@docker-v29.7.2:daemon/libnetwork/drivers/bridge/bridge_linux.go (`ValidateFixedCIDRV6`).
pub(crate) fn fixed_cidr_v6(text: &str) -> Option<Malformed> {
    let loads = Releases::docker("25..");
    let checks_range = Releases::docker("27..");
    let wanted = "an IPv6 network such as `fd00:1::/64`";
    let words = |what: &str| format!("invalid fixed-cidr-v6: invalid fixed-cidr-v6: {what}");
    let not_network =
        |refused| malformed("not a network", words(&format!("netip.ParsePrefix(\"{text}\")")), wanted, refused);
    let Some(net) = Cidr::parse(text) else { return not_network(loads) };
    if has_zero(text) {
        return not_network(checks_range);
    }
    match net.addr {
        IpAddr::V4(_) => {
            malformed("an IPv4 network", words(&format!("'{text}' is not a valid IPv6 subnet")), wanted, loads)
        }
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => malformed(
            "an IPv4 network in the form of IPv6",
            words(&format!("'{text}' is not a valid IPv6 subnet")),
            wanted,
            loads,
        ),
        IpAddr::V6(v6) if v6.is_multicast() => {
            let words = words(&format!("multicast subnet '{text}' is not allowed"));
            malformed("a multicast network", words, wanted, checks_range)
        }
        // The node's own link-local network is fine, a part of it or one around it is not.
        IpAddr::V6(_) => {
            let local = Cidr { addr: IpAddr::V6(LINK_LOCAL.into()), bits: 64 };
            let clash = (local.contains(net.addr) && net.bits > 64) || (net.contains(local.addr) && net.bits < 64);
            let words = words(&format!("'{text}' clashes with the Link-Local prefix 'fe80::/64'"));
            if clash { malformed("a network that clashes with fe80::/64", words, wanted, loads) } else { None }
        }
    }
}

/// Whether the length behind the slash has a zero in front, which Go's newer network type refuses.
fn has_zero(text: &str) -> bool {
    text.split_once('/').is_some_and(|(_, bits)| bits.len() > 1 && bits.starts_with('0'))
}

const LINK_LOCAL: u128 = 0xfe80 << 112;

/// `mark` or `mark/mask`, numbers of 32 bits in Go's notation.
pub(crate) fn fwmark(text: &str) -> Option<Malformed> {
    let (mark, mask) = text.split_once('/').map_or((text, None), |(mark, mask)| (mark, Some(mask)));
    if is_u32(mark) && mask.is_none_or(is_u32) {
        return None;
    }
    let words = format!("invalid bridge-accept-fwmark: invalid firewall mark \"{text}\"");
    malformed("not a firewall mark", words, "a number such as `1` or `0x1/0x3`", Releases::ANY)
}

/// Go's `strconv.ParseUint(text, 0, 32)`, which takes no sign.
fn is_u32(text: &str) -> bool {
    !text.starts_with(['+', '-']) && integer(text).is_some_and(|number| u32::try_from(number).is_ok())
}

/// `kind=value`. Source: moby/moby@docker-v29.7.2:vendor/github.com/moby/swarmkit/v2/api/genericresource/parse.go.
pub(crate) fn generic_resource(text: &str) -> Option<Malformed> {
    let wanted = "a kind and a value, such as `gpu=a`";
    let words = |what: &str| format!("could not parse GenericResource: {what}");
    if text.split('=').count() == 2 {
        return None;
    }
    let words = words(&format!("incorrect term {text}, missing '=' or malformed expression"));
    malformed("not `kind=value`", words, wanted, Releases::ANY)
}

/// A resource with a negative number, or one of a kind that has numbers and names.
pub(crate) fn mixed_resources<'i, 't>(all: &'i [WrittenSetting<'t>]) -> Option<(&'i WrittenSetting<'t>, Malformed)> {
    let parts = |item: &'i WrittenSetting<'t>| {
        let (kind, value) = item.text.split_once('=')?;
        Some((kind.trim(), value.trim()))
    };
    for item in all {
        let Some((kind, value)) = parts(item).filter(|_| item.text.split('=').count() == 2) else { continue };
        let Ok(number) = value.parse::<i64>() else { continue };
        let of_kind = all.iter().filter(|other| parts(other).is_some_and(|(other, _)| other == kind)).count();
        let (what, log) = match (of_kind, number < 0) {
            (1, false) => continue,
            (1, true) => ("a negative number", format!("cannot ask for negative resource {kind}")),
            _ => (
                "a number beside others of its kind",
                format!("mixed discrete and named resources in expression '{kind}=...'"),
            ),
        };
        let log = format!("could not parse GenericResource: {log}");
        return Some((item, malformed(what, log, "one number for a kind, or a name for each", Releases::ANY)?));
    }
    None
}

/// How long records of builds are kept: a Go duration, or a number of seconds in a string.
/// Source: moby/moby@v25.0.7:vendor/github.com/moby/buildkit/cmd/buildkitd/config (`Duration`).
pub(crate) fn max_age(text: &str) -> Option<Malformed> {
    let plain = text.trim_matches('"');
    if plain.is_empty() || duration(plain).is_ok() || plain.parse::<i64>().is_ok() {
        return None;
    }
    malformed(
        "not a duration",
        format!("invalid duration {text}"),
        "a duration such as `48h`",
        Releases::docker("25.."),
    )
}

/// A user, with a group behind a colon.
pub(crate) fn remapped_user(text: &str) -> Option<Malformed> {
    if text.split(':').count() <= 2 {
        return None;
    }
    Some(Malformed {
        what: "not a user, or a user and a group",
        log: format!("Invalid user/group specification in --userns-remap: \"{text}\""),
        wanted: "`default`, a user, or `user:group`",
        refused: Releases::docker("26.."),
        late: Releases::docker("..25"),
    })
}

/// The path of a program.
pub(crate) fn absolute_path(text: &str) -> Option<Malformed> {
    if text.starts_with('/') {
        return None;
    }
    let words = format!("invalid userland-proxy-path: must be an absolute path: {text}");
    malformed(
        "not an absolute path",
        words,
        "a path from the root, such as `/usr/bin/docker-proxy`",
        Releases::docker("25.."),
    )
}

/// A network that pools are cut from. An empty text sets nothing since 27.0.
pub(crate) fn pool_base(text: &str) -> Option<Malformed> {
    let padded = has_zero(text);
    if text.is_empty() || (Cidr::parse(text).is_some() && !padded) {
        return None;
    }
    let (what, reason) = match text.contains('/') {
        true => ("not a network", ""),
        false => ("not a network: the length behind `/` is missing", ": no '/'"),
    };
    Some(Malformed {
        what,
        log: format!("netip.ParsePrefix(\"{text}\"){reason}"),
        wanted: "a network such as `10.123.0.0/16`",
        refused: Releases::docker("27.."),
        late: if padded { NEVER } else { Releases::docker("..26") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_of_the_daemon() {
        let cases: [(ReadText, &[&str], &[&str]); 12] = [
            (address, &["8.8.8.8", "::1", "::ffff:10.0.0.1"], &["", "8.8.8.8:53", "x", "1.2.3", "[::1]", "010.0.0.1"]),
            (scoped_address, &["fe80::1%eth0", "::1"], &["8.8.8.8%eth0", "fe80::1%"]),
            (domain, &["corp.example", ".", "a-b.c.", "x", ":a"], &["foo_bar!", "1.2", "", "-a.b", "a-.b", "a..b"]),
            (shm_size, &["64M", "67108864", "1.5 GiB"], &["lots", "-1", "64Q"]),
            (fixed_cidr_v6, &["fd00::/64", "fe80::/64"], &["x", "ff00::/8", "10.0.0.0/8", "fd00::", "fe80::/10"]),
            (fixed_cidr_v6, &["fe80::1/64"], &["fe80::/65", "fd00::/064", "::ffff:10.0.0.0/104"]),
            (
                fwmark,
                &["1", "0x1/0x3", "0b1", "0", "1_0", "4294967295"],
                &["x", "1/", "/1", "-1", "4294967296", "1__0"],
            ),
            (generic_resource, &["gpu=a", "gpu="], &["gpu", "a=b=c"]),
            (max_age, &["", "48h", "3600", "\"48h\""], &["2 days", "1d", "48.5"]),
            (remapped_user, &["default", "a:b", "1000"], &["a:b:c"]),
            (absolute_path, &["/usr/bin/docker-proxy"], &["", "docker-proxy", "./docker-proxy"]),
            (
                pool_base,
                &["", "10.0.0.0/8", "10.1.0.1/16", "fd00::/8"],
                &["10.0.0.0", "x/8", "10.0.0.0/08", "10.0.0.0/33"],
            ),
        ];
        for (read, good, bad) in cases {
            for text in good {
                assert!(read(text).is_none(), "{text}");
            }
            for text in bad {
                assert!(read(text).is_some(), "{text}");
            }
        }
    }
}
