//! What identifies an entry, as text.

/// The identifier that an attribute's value holds, as text.
///
/// Active Directory's `objectGUID` is sixteen bytes, whose first three groups lie in reverse ([MS-DTYP], section 2.3.4.2);
/// it becomes a UUID as that product's own tools show it. Other bytes become hexadecimal, and text stays as it is.
pub fn external_id(attribute: &str, value: &[u8]) -> String {
    let is = |name: &str| attribute.eq_ignore_ascii_case(name);
    if is("objectGUID")
        && let Ok(bytes) = <[u8; 16]>::try_from(value)
    {
        return uuid::Uuid::from_bytes_le(bytes).to_string();
    }
    // These are bytes even where they happen to look like text.
    let is_binary = ["objectGUID", "objectSid", "GUID"].into_iter().any(is);
    match std::str::from_utf8(value) {
        Ok(text) if !is_binary && !text.chars().any(char::is_control) => text.to_owned(),
        _ => hex::encode(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_of_active_directory_is_shown_as_its_own_tools_do() {
        let bytes = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
        assert_eq!(external_id("objectguid", &bytes), "00112233-4455-6677-8899-aabbccddeeff");
    }

    #[test]
    fn text_stays_and_bytes_become_hexadecimal() {
        let uuid = "7c1f0c1a-7b63-103e-8d0f-5d8c1a9a7a11";
        assert_eq!(external_id("entryUUID", uuid.as_bytes()), uuid);
        assert_eq!(external_id("GUID", b"abc"), "616263");
        assert_eq!(external_id("objectGUID", b"\x01\xff"), "01ff");
        assert_eq!(external_id("serial", b"a\x00"), "6100");
        assert_eq!(external_id("uid", "zoë".as_bytes()), "zoë");
    }
}
