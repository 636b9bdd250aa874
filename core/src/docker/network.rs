//! Addresses as dockerd reads them, and the network of its default bridge.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::docker::command_line::flags_of_unit;
use crate::docker::settings::{field, text};
use crate::go::address;
use crate::go::host::{check_escapes, check_host};
use crate::kind::View;
use crate::syntax::Node;
use crate::text::Span;

/// An address with the length of its network part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    pub(crate) addr: IpAddr,
    pub(crate) bits: u32,
}

impl Cidr {
    /// Reads `192.0.2.1/24` or `2001:db8::1/64`, as Go's `net.ParseCIDR` does.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (addr, bits) = text.split_once('/')?;
        let addr: IpAddr = addr.parse().ok()?;
        let digits = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
        let bits: u32 = bits.parse().ok().filter(|bits| digits && *bits <= width(addr))?;
        Some(Self { addr, bits })
    }

    /// The network as Go's `net` works with it: an IPv4 address in the form of IPv6 is an IPv4 address. If the length
    /// is shorter than that form has in front, it is a network of IPv6.
    pub(crate) fn unmapped(self) -> Self {
        match (self.addr.to_canonical(), self.bits.checked_sub(96)) {
            (addr @ IpAddr::V4(_), Some(bits)) if self.addr.is_ipv6() => Self { addr, bits },
            _ => self,
        }
    }

    /// How long the addresses of the family are.
    pub(crate) fn width(self) -> u32 {
        width(self.addr)
    }

    /// Whether an address lies in the network.
    pub(crate) fn contains(self, addr: IpAddr) -> bool {
        width(addr) == width(self.addr) && (number(addr) ^ number(self.addr)) & self.mask() == 0
    }

    /// Whether the address is the network's own, all of its host part zero.
    pub(crate) fn is_network_address(self) -> bool {
        self.has_hosts() && number(self.addr) & !self.mask() == 0
    }

    /// Whether the address is the one for all hosts of an IPv4 network.
    pub(crate) fn is_broadcast_address(self) -> bool {
        let host = u128::from(u32::MAX) & !self.mask();
        self.addr.is_ipv4() && self.has_hosts() && number(self.addr) & host == host
    }

    /// Whether no other host can have an address: it is the network's own, or the one for all hosts.
    pub(crate) fn reserves(self, addr: IpAddr) -> bool {
        let other = Self { addr, ..self };
        self.contains(addr) && (other.is_network_address() || other.is_broadcast_address())
    }

    /// The network's own address, as a number.
    pub(crate) fn first(self) -> u128 {
        number(self.addr) & self.mask()
    }

    /// The first address of the network for a host, with the length.
    pub(crate) fn first_host(self) -> String {
        format!("{}/{}", self.address(self.first() | 1), self.bits)
    }

    /// An address of the same family.
    fn address(self, number: u128) -> IpAddr {
        match self.addr {
            IpAddr::V4(_) => IpAddr::V4(u32::try_from(number).unwrap_or(0).into()),
            IpAddr::V6(_) => IpAddr::V6(number.into()),
        }
    }

    /// Whether the network is in the address space of links. Source: RFC 3927.
    pub(crate) fn is_link_local(self) -> bool {
        matches!(self.addr, IpAddr::V4(addr) if addr.is_link_local())
    }

    /// Networks of one or two addresses have no address of their own.
    fn has_hosts(self) -> bool {
        self.bits + 2 <= width(self.addr)
    }

    /// Over the bits of the address; all bits above them are set.
    fn mask(self) -> u128 {
        u128::MAX.checked_shl(width(self.addr) - self.bits).unwrap_or(0)
    }

    /// Whether the network is in the address space of the internet: IPv4 outside of all ranges for private and
    /// special use.
    /// Source: RFC 6890.
    pub(crate) fn is_public(self) -> bool {
        const SPECIAL: [&str; 14] = [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ];
        self.addr.is_ipv4() && !SPECIAL.iter().filter_map(|text| Self::parse(text)).any(|net| net.contains(self.addr))
    }
}

fn width(addr: IpAddr) -> u32 {
    if addr.is_ipv4() { 32 } else { 128 }
}

fn number(addr: IpAddr) -> u128 {
    match addr {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// An item of `default-address-pools`.
pub(crate) struct AddressPool<'t> {
    pub(crate) node: &'t Node<'t>,
    pub(crate) base: Option<&'t Node<'t>>,
    pub(crate) size: Option<&'t Node<'t>>,
}

impl AddressPool<'_> {
    pub(crate) fn network(&self) -> Option<Cidr> {
        Cidr::parse(self.base?.as_str()?)
    }
}

/// The items of `default-address-pools`.
pub(crate) fn address_pools<'t>(root: &'t Node<'_>) -> Vec<AddressPool<'t>> {
    let items = root.get("default-address-pools").map(Node::items).unwrap_or_default();
    items.iter().map(|node| AddressPool { node, base: field(node, "base"), size: field(node, "size") }).collect()
}

/// The default bridge that a file and the command line beside it ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultBridge {
    /// None: dockerd does not read the settings of its network.
    Off,
    /// One that the administrator makes, with addresses of its own.
    Own,
    /// docker0, with a network that the settings name.
    Named,
    /// docker0, with a network out of the address pools.
    Pooled,
}

impl DefaultBridge {
    pub(crate) fn of(cx: &View<'_, '_, '_>) -> Self {
        let flags = flags_of_unit(cx.node);
        let is_set = |names: &[&str]| {
            let written = names.iter().find_map(|name| text(cx.settings(), name));
            let flag = || flags.iter().find(|flag| names.contains(&flag.name)).and_then(|flag| flag.value);
            written.map(|setting| setting.text.into_owned()).or_else(|| flag().map(str::to_owned))
        };
        match is_set(&["bridge", "b"]).as_deref() {
            Some("none") => Self::Off,
            Some(name) if !name.is_empty() => Self::Own,
            _ if is_set(&["bip", "fixed-cidr"]).is_some() => Self::Named,
            _ => Self::Pooled,
        }
    }
}

/// A range of addresses that Docker gives to its networks.
pub(crate) struct AddressRange<'t> {
    pub(crate) span: Span,
    pub(crate) text: Cow<'t, str>,
    /// The key that has it.
    pub(crate) key: &'static str,
}

/// The ranges of IPv4 networks that are of some sort: of `bip` and `fixed-cidr` the first, because one lies in the
/// other, and the pools.
pub(crate) fn address_ranges<'t>(root: &'t Node<'_>, is_wanted: fn(Cidr) -> bool) -> Vec<AddressRange<'t>> {
    let is_in = |text: &str| Cidr::parse(text).is_some_and(|network| is_wanted(network.unmapped()));
    let mut bridge = ["bip", "fixed-cidr"].into_iter().filter_map(|key| Some((key, text(root, key)?)));
    let bridge = bridge.find(|(_, setting)| is_in(&setting.text));
    let mut found: Vec<_> = bridge
        .map(|(key, setting)| AddressRange { span: setting.value_span, text: setting.text, key })
        .into_iter()
        .collect();
    for base in address_pools(root).iter().filter_map(|pool| pool.base) {
        if let Some(text) = base.as_str().filter(|text| is_in(text)) {
            found.push(AddressRange { span: base.span, text: Cow::Borrowed(text), key: "default-address-pools" });
        }
    }
    found
}

/// `host` and `port` of an address.
pub(crate) fn split_host_port(text: &str) -> Option<(&str, &str)> {
    address::split_host_port(text).ok()
}

/// Why Go's `url.Parse` refuses the part of an address behind `://`, for the mistakes that occur.
pub(crate) fn bad_authority(rest: &str) -> Option<String> {
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    check_host(host).and_then(|()| check_escapes(path)).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_as_go_reads_them() {
        let net = |text| Cidr::parse(text).unwrap();
        assert!(net("10.9.0.1/24").contains("10.9.0.200".parse().unwrap()));
        assert!(!net("10.9.0.1/24").contains("10.8.0.1".parse().unwrap()));
        assert!(!net("10.9.0.1/24").contains("fd00::1".parse().unwrap()));
        assert!(net("fd00::/64").contains("fd00::5".parse().unwrap()));
        assert!(net("172.17.0.0/24").is_network_address() && net("172.17.0.255/24").is_broadcast_address());
        assert!(!net("172.17.0.1/24").is_network_address() && !net("172.17.0.0/31").is_network_address());
        assert!(!net("0.0.0.0/0").is_public() && net("172.80.0.0/16").is_public() && !net("fd00::/8").is_public());
        assert_eq!(net("172.17.0.0/24").first_host(), "172.17.0.1/24");
        assert_eq!(net("::ffff:172.17.0.1/112").unmapped(), net("172.17.0.1/16"));
        assert_eq!(net("::ffff:172.17.0.1/24").unmapped(), net("::ffff:172.17.0.1/24"));
        assert_eq!(net("fd00::1/112").unmapped(), net("fd00::1/112"));
        let reserves = |text: &str| net("10.9.0.1/24").reserves(text.parse().unwrap());
        assert!(reserves("10.9.0.0") && reserves("10.9.0.255") && !reserves("10.9.0.1") && !reserves("10.8.0.0"));
        for text in
            ["10.0.0.1", "10.0.0.1/", "10.0.0.1/33", "10.0.0/8", "x/8", "10.0.0.1/+8", "fd00::/129", "010.0.0.0/8"]
        {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }

    #[test]
    fn authorities_are_read_as_go_reads_them() {
        for good in ["", "/v2", "mirror.example:5000/v2", "user:secret@mirror.example", "mirror.example?x=%zz"] {
            assert_eq!(bad_authority(good), None, "{good}");
        }
        assert_eq!(bad_authority("mirror example"), Some("invalid character \" \" in host name".to_owned()));
        assert_eq!(bad_authority("[::1"), Some("missing ']' in host".to_owned()));
        assert_eq!(bad_authority("mirror.example/%zz"), Some("invalid URL escape \"%zz\"".to_owned()));
        assert_eq!(bad_authority("mirror.example:port"), Some("invalid port \":port\" after host".to_owned()));
    }
}
