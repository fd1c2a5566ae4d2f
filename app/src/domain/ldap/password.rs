//! Attributes that hold passwords or keys, which are never requested.

/// Attributes with passwords, password hashes and private keys: of the standards (RFC 4519, RFC 3112, RFC 2798), and by
/// product.
const NEVER: [&str; 22] = [
    "userPassword",
    "2.5.4.35",
    "authPassword",
    "userPKCS12",
    "pwdHistory",
    "sambaNTPassword",
    "sambaLMPassword",
    "sambaPasswordHistory",
    "krbPrincipalKey",
    "ipaNTHash",
    "passwordHistory",
    "nspmPassword",
    "nsDS5ReplicaCredentials",
    "unicodePwd",
    "dBCSPwd",
    "ntPwdHistory",
    "lmPwdHistory",
    "supplementalCredentials",
    "ms-Mcs-AdmPwd",
    "msLAPS-Password",
    "msLAPS-EncryptedPassword",
    "msDS-ManagedPassword",
];

/// Whether an attribute holds passwords or keys. Options such as `;binary` do not matter.
pub fn holds_passwords(attribute: &str) -> bool {
    let name = attribute.split_once(';').map_or(attribute, |(name, _)| name).trim();
    NEVER.iter().any(|never| never.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::holds_passwords;

    #[test]
    fn passwords_are_known_by_any_spelling() {
        for name in ["userPassword", "USERPASSWORD", "2.5.4.35", "userPassword;x-a", "unicodePwd"] {
            assert!(holds_passwords(name), "{name}");
        }
        for name in ["uid", "pwdChangedTime", ""] {
            assert!(!holds_passwords(name), "{name}");
        }
    }
}
