//! Which names are those of secrets, and which values are plainly none.
//!
//! Used for names that the key tables do not have: unknown and misspelled keys, environment variables, flags, and what
//! comments hold. A known key is judged by its row alone.

/// How sure a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// `password`, `apiToken`: a value behind it is a secret.
    Sure,
    /// `auth`: also the name of a way to log in.
    Vague,
    /// `headers`: everything below is taken for a secret; outside of a table it is an ordinary word.
    Headers,
}

/// Words that name a secret at the end of a name.
const SURE: &str = "password passwd passphrase passcode pass pwd secret token credential cred apikey accesskey \
    secretkey privatekey authkey encryptionkey signature bearer cookie jwt authorization dbpass userpwd";
/// Words that also end a longer one without a separator: `identitytoken`.
const ENDINGS: &str = "password passwd passphrase token secret credential apikey accesskey secretkey privatekey";
/// Words recognized with one wrong, missing, additional or swapped letter.
const MISSPELLED: &str = "password passwd passphrase secret token credential authorization";
/// Words next to those, which mean something else.
const OTHER_WORDS: &str = "passed taken secrete tokenize";
/// What makes a `key` a secret: `api_key`.
const BEFORE_KEY: &str =
    "hmac ssh license certificate api access secret private account signing encryption shared master storage auth";
/// Words at the end of a name that do not change what it names: `tokenValue`, `password_b64`.
const NEUTRAL: &str = "value hash data text string base64 b64 plain raw old new id";
/// Names beside secrets that are not secret: `username` in a table `auth`.
const PLAIN: &str = "endpoint hash hashes user username login name email kind type mode method enabled disabled server \
    serveraddress host url realm service scope namespace file path dir ttl timeout region version format groups usages \
    description expires registry provider domain audience";
/// Values of `auth` that name a way to log in.
const WAYS: &str = "none basic bearer digest ntlm plain token oauth oauth2 webhook cert certificate x509 tls mtls rbac \
    node alwaysallow anonymous auto default enabled disabled required optional";

fn is_one_of(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// What a name reveals about its value; nothing for ordinary names.
pub(super) fn likeness(name: &str) -> Option<Likeness> {
    if !has_hint(name) {
        return None;
    }
    let words = words(name);
    // systemd's `LoadCredential` holds a path.
    if matches!(words.first().map(String::as_str), Some("load" | "import")) {
        return None;
    }
    let neutral = |word: &&String| is_one_of(NEUTRAL, word) || word.bytes().all(|b| b.is_ascii_digit());
    let mut back = words.iter().rev().skip_while(neutral);
    let last = back.next()?;
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let one = if last.ends_with("ss") { last } else { last.strip_suffix('s').unwrap_or(last) };
    match one {
        "header" => return Some(Likeness::Headers),
        "auth" => return Some(Likeness::Vague),
        "key" => {
            let before = back.next().map(String::as_str).unwrap_or_default();
            return is_one_of(BEFORE_KEY, before).then_some(Likeness::Sure);
        }
        _ => {}
    }
    let sure = is_one_of(SURE, one)
        || ENDINGS.split(' ').any(|word| one.ends_with(word))
        || one.ends_with("auth") && one.len() <= 9
        || !is_one_of(OTHER_WORDS, last) && MISSPELLED.split(' ').any(|word| differs_by_one(last, word));
    sure.then_some(Likeness::Sure)
}

/// Whether a text is a name and nothing else.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'))
}

/// Whether a name beside secrets is plainly not that of one.
pub(super) fn is_plain(name: &str) -> bool {
    words(name).last().is_some_and(|word| is_one_of(PLAIN, word))
}

/// Whether a header identifies who asks for what, rather than proving it.
pub(super) fn is_public_header(name: &str) -> bool {
    is_one_of("user-agent accept accept-encoding content-type host x-meta-source-client", &name.to_ascii_lowercase())
}

/// The beginnings of the words above, and of such with a slip in them; of private keys and of web tokens.
const HINTS: &[u8] =
    b"pas paw psa pss psw pwd pws sec scr tok toe tke tko aut auh atu cre coo sig key hea bea bas jwt env -be eyj";

/// The second and the third letters of hints, as bits, by the first.
static LETTERS: [[u32; 64]; 2] = letters();

const fn letters() -> [[u32; 64]; 2] {
    let mut letters = [[0; 64]; 2];
    let mut i = 0;
    while i < HINTS.len() {
        let (small, capital) = ((HINTS[i] & 63) as usize, (HINTS[i] & 31) as usize);
        let mut place = 0;
        while place < 2 {
            let letter = 1 << (HINTS[i + 1 + place] & 31);
            letters[place][small] |= letter;
            letters[place][capital] |= letter;
            place += 1;
        }
        i += 4;
    }
    let signs = [b'@' & 63, b'\\' & 63];
    letters[0][signs[0] as usize] = u32::MAX;
    letters[1][signs[0] as usize] = u32::MAX;
    letters[0][signs[1] as usize] = u32::MAX;
    letters[1][signs[1] as usize] = u32::MAX;
    letters
}

/// Whether a secret may be near three letters: they begin a word that names one, or are a sign that one may be behind.
/// Most do not, which the tables show without a look at the words.
fn is_hint(all: &[u8]) -> bool {
    let &[a, b, c] = all else { return false };
    let first = (a & 63) as usize;
    let may_be = LETTERS[0][first] >> (b & 31) & LETTERS[1][first] >> (c & 31) & 1 == 1;
    may_be
        && (matches!(a, b'@' | b'\\') || HINTS.chunks(4).any(|hint| hint.starts_with(&[a | 0x20, b | 0x20, c | 0x20])))
}

fn has_hint(text: &str) -> bool {
    text.as_bytes().windows(3).any(is_hint)
}

/// Where in a text a secret may be near: names of secrets, `@`, escapes, the beginnings of keys and web tokens. In
/// order.
pub(super) fn hits(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let all = bytes.windows(3).enumerate().filter(|(_, letters)| is_hint(letters));
    let mut hits: Vec<u32> = all.map(|(at, _)| at as u32).collect();
    // A host of one letter at the very end.
    if let [.., b'@', _] = bytes {
        hits.push(bytes.len() as u32 - 2);
    }
    hits
}

/// `splunk-tokenValue` -> splunk, token, value.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let mut word = String::new();
    let mut was_lower = false;
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        // `podURLHeader`: a word begins at a capital letter behind a small one, or before one.
        let begins = c.is_ascii_uppercase() && (was_lower || letters.peek().is_some_and(char::is_ascii_lowercase));
        let ends = begins || !c.is_ascii_alphanumeric();
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        was_lower = c.is_ascii_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether two words differ by one letter: another one, one less, one more, or two in turn.
fn differs_by_one(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    match (a, b) {
        ([], []) => false,
        ([x, y, a @ ..], [v, w, b @ ..]) if x == w && y == v && a == b => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, rest @ ..], b) if rest == b => true,
        (a, [_, rest @ ..]) => a == rest,
        _ => false,
    }
}

/// Whether a value behind a name that may be a secret's is plainly none: empty, a truth value, a reference to a
/// variable, a placeholder, a path.
pub(super) fn is_plain_value(likeness: Likeness, value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    match lower.as_str() {
        "" | "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "~" | "***" => return true,
        _ => {}
    }
    if is_reference(value) {
        return true;
    }
    if likeness == Likeness::Vague && (is_one_of(WAYS, &lower) || value.contains("://")) {
        return true;
    }
    is_path(value)
}

/// `$NAME`, `${NAME}`, `{{ .Name }}`, `%h`, `<name>`: a placeholder for the value.
pub(super) fn is_reference(value: &str) -> bool {
    let bytes = value.as_bytes();
    match bytes {
        [b'$', b'{', name @ .., b'}'] => name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')),
        // Most files expand nothing, where `$uper1` is a password as it is: variables are written in capital letters.
        [b'$', first, name @ ..] if first.is_ascii_uppercase() || *first == b'_' => {
            name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        }
        // A string within is a default, which may be the secret.
        [b'{', b'{', text @ .., b'}', b'}'] => !text.iter().any(|b| matches!(b, b'}' | b'"' | b'\'' | b'`')),
        [b'<', name @ .., b'>'] => name.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'-' | b'_')),
        [a, _, _, ..] => b"*.xX".contains(a) && bytes.iter().all(|b| b == a),
        _ => false,
    }
}

/// `/etc/a.key`, `./b`, `~/c/d`: several names or an ending, none of which looks like chance.
fn is_path(value: &str) -> bool {
    let Some(rest) = ["/", "./", "../", "~/", "file:///"].iter().find_map(|start| value.strip_prefix(start)) else {
        return false;
    };
    let allowed =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-' | b'@' | b'%' | b':' | b'*');
    let parts = || rest.split('/');
    rest.bytes().all(allowed)
        && (parts().count() >= 2 || rest.contains('.') || !value.starts_with('/'))
        && !parts().any(|part| part.len() >= 16 && looks_random(part))
}

/// Whether a text has small and capital letters and digits, as keys made by chance have.
pub(super) fn looks_random(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}

/// Whether a text is not a word of a sentence: it has digits, signs or capital letters inside.
pub(super) fn is_not_a_word(text: &str) -> bool {
    let inner = text.get(1..).unwrap_or_default();
    text.len() >= 4 && (inner.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'+' | b'=' | b'_')))
        || text.len() >= 4
            && inner.bytes().any(|b| b.is_ascii_uppercase())
            && inner.bytes().any(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "password",
            "PASSWORD",
            "db_password",
            "dbPassword",
            "password2",
            "passwd",
            "pasword",
            "passwrd",
            "pass",
            "SSL_PASS",
            "identitytoken",
            "identity_token",
            "identityToken",
            "splunk-token",
            "splunk-tokn",
            "toekn",
            "registryToken",
            "tokenValue",
            "X-Tokens",
            "secret",
            "clientSecret",
            "SECRET_ID",
            "credentials",
            "api-key",
            "apiKey",
            "AWS_SECRET_ACCESS_KEY",
            "private_key",
            "Authorization",
            "authorisation",
            "kv.password",
            "passphrase",
            "Set-Cookie",
            "basicauth",
            "secert",
            "DBPASS",
            "creds",
            "userpwd",
            "encryptionkey",
            "hmac_key",
            "ssh_key",
            "license_key",
            "X-Amz-Signature",
        ] {
            assert_eq!(likeness(name), Some(Likeness::Sure), "{name}");
        }
        assert_eq!(likeness("auths"), Some(Likeness::Vague));
        assert_eq!(likeness("staticPodURLHeaders"), Some(Likeness::Headers));
    }

    #[test]
    fn ordinary_names() {
        for name in [
            "key_file",
            "tls_key_file",
            "tlsPrivateKeyFile",
            "serverTLSBootstrap",
            "tokenFile",
            "token_ttl",
            "secretName",
            "auth_mode",
            "authentication",
            "authorizationMode",
            "authorization-mode",
            "credsStore",
            "credHelpers",
            "credentialProvider",
            "key",
            "tls_key",
            "path",
            "bypass",
            "compass",
            "passed",
            "basedir",
            "headroom",
            "LoadCredential",
            "image-credential-provider-config",
            "authentication-token-webhook",
            "configMapAndSecretChangeDetectionStrategy",
            "sector",
            "cookbook",
            "NoNewKeyring",
        ] {
            assert_eq!(likeness(name), None, "{name}");
        }
    }

    #[test]
    fn values_that_are_plainly_no_secrets() {
        for value in [
            "",
            "true",
            "off",
            "/etc/x.key",
            "/var/run/secrets/token",
            "$TOKEN",
            "${TOKEN}",
            "{{ .Token }}",
            "<token>",
            "../a/b",
        ] {
            assert!(is_plain_value(Likeness::Sure, value), "{value}");
        }
        for value in [
            "x",
            "12345",
            "/Abc",
            "/aB3dE5gH7jK9lM1n/x",
            "$ecret!",
            "a/b",
            "${TOKEN:-hunter2}",
            "$uperS3cret1",
            "<hunter2>",
            "{{ .X | default \"s\" }}",
        ] {
            assert!(!is_plain_value(Likeness::Sure, value), "{value}");
        }
        assert!(is_plain_value(Likeness::Vague, "basic") && !is_plain_value(Likeness::Sure, "basic"));
    }
}
