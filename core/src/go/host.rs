//! The host of a URL, as Go's `url.Parse` takes it.

/// Whether Go takes a text for host and port; its own words if it does not.
pub(crate) fn check_host(host: &str) -> Result<(), String> {
    let port = if host.starts_with('[') {
        match host.rfind(']') {
            Some(end) => host.get(end + 1..),
            None => return Err("missing ']' in host".into()),
        }
    } else {
        host.rfind(':').and_then(|at| host.get(at..))
    };
    let port = port.unwrap_or_default();
    let digits = port.strip_prefix(':').unwrap_or(if port.is_empty() { "" } else { "?" });
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("invalid port \"{port}\" after host"));
    }
    // What Go takes unescaped in a host; all beyond ASCII goes too.
    let allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    match host.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(format!("invalid character \"{}\" in host name", c.escape_debug())),
        None => Ok(()),
    }
}
