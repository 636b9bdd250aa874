//! Cipher suites, groups and versions of Go's `crypto/tls`, by name or number.
//!
//! Source: golang/go@go1.26.0:src/crypto/tls/cipher_suites.go, common.go (`CurveID`);
//! kubernetes/component-base@v0.36.0:cli/flag/ciphersuites_flag.go, curves_flag.go.

/// Cipher suites, without `TLS_`: the names of `tls.CipherSuites` and `tls.InsecureCipherSuites`, and two older ones.
pub(crate) const CIPHER_SUITES: [&str; 27] = [
    "AES_128_GCM_SHA256",
    "AES_256_GCM_SHA384",
    "CHACHA20_POLY1305_SHA256",
    "ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "RSA_WITH_AES_128_CBC_SHA",
    "RSA_WITH_AES_256_CBC_SHA",
    "RSA_WITH_AES_128_GCM_SHA256",
    "RSA_WITH_AES_256_GCM_SHA384",
    "RSA_WITH_AES_128_CBC_SHA256",
    "RSA_WITH_RC4_128_SHA",
    "RSA_WITH_3DES_EDE_CBC_SHA",
    "ECDHE_ECDSA_WITH_RC4_128_SHA",
    "ECDHE_RSA_WITH_RC4_128_SHA",
    "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "ECDHE_RSA_WITH_AES_128_CBC_SHA256",
];

/// Key exchange groups: P-256, P-384, P-521, X25519, and the three that join one of them with ML-KEM.
pub(crate) const GROUPS: [i64; 7] = [23, 24, 25, 29, 4587, 4588, 4589];
