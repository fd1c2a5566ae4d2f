//! Reads one message of the protocol from a connection and validates its form (RFC 4511, sections 4.1.1 and 5.1).
//!
//! The library that decodes messages relies on well-formed ones: it recurses as deep as they are nested, waits without a limit
//! for bytes that an inner length promises, and panics where a field is missing. So every message is validated here first.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest message: a group that lists some hundred thousand members by name.
pub(super) const MAX_FRAME: usize = 32 * 1024 * 1024;

/// Messages of searches are nested six deep; controls and referrals less.
const MAX_DEPTH: usize = 16;

/// Reads the next message, with its header; nothing at the end of the connection.
///
/// # Errors
///
/// The connection broke (`Io`), or what came is no message.
pub(super) async fn read<R: AsyncRead + Unpin>(reader: &mut R) -> Result<Option<Vec<u8>>, FrameError> {
    let mut frame = vec![0; 2];
    if reader.read(&mut frame[..1]).await? == 0 {
        return Ok(None);
    }
    reader.read_exact(&mut frame[1..]).await?;
    if frame[0] != SEQUENCE {
        return Err(FrameError::Malformed("a message does not begin as one"));
    }
    let length = match frame[1] {
        short @ 0..=0x7f => usize::from(short),
        0x81..=0x84 => {
            let count = usize::from(frame[1] & 0x7f);
            frame.resize(2 + count, 0);
            reader.read_exact(&mut frame[2..]).await?;
            frame[2..].iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        }
        _ => return Err(FrameError::Malformed("a message has no length")),
    };
    if length > MAX_FRAME {
        return Err(FrameError::Malformed("a message is longer than 32 MiB"));
    }
    // Room is made as bytes arrive: a length alone costs the sender nothing.
    let read = (&mut *reader).take(length as u64).read_to_end(&mut frame).await?;
    if read < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(Some(frame))
}

/// Why there is no message.
#[derive(Debug, thiserror::Error)]
pub(super) enum FrameError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("{0}")]
    Malformed(&'static str),
}

/// What a message is, as far as passing it on needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    /// Which request it belongs to; 0 for none.
    pub(super) id: u32,
    /// The tag of the operation.
    pub(super) operation: u8,
    /// The result code, where the operation has one.
    pub(super) result: Option<u32>,
}

/// Tags of operations (RFC 4511, section 4.2 and following).
pub(super) mod operation {
    pub(in super::super) const BIND: u8 = 0x60;
    pub(in super::super) const BOUND: u8 = 0x61;
    pub(in super::super) const SEARCH: u8 = 0x63;
    pub(in super::super) const ENTRY: u8 = 0x64;
    pub(in super::super) const DONE: u8 = 0x65;
    pub(in super::super) const REFERENCE: u8 = 0x73;
    pub(in super::super) const EXTENDED: u8 = 0x77;
    pub(in super::super) const EXTENDED_DONE: u8 = 0x78;
    pub(in super::super) const INTERMEDIATE: u8 = 0x79;
}

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTROLS: u8 = 0xa0;
/// The name of an extended response, which Active Directory puts after the operation when it closes a connection.
const RESPONSE_NAME: u8 = 0x8a;
const REFERRAL: u8 = 0xa3;

/// Sees that an answer is a message that can be decoded.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn inspect(frame: &[u8]) -> Result<Message, &'static str> {
    let mut rest = frame;
    let envelope = element(&mut rest)?;
    if envelope.tag != SEQUENCE || !rest.is_empty() {
        return Err("a message does not begin as one");
    }
    nested(envelope.content, MAX_DEPTH)?;
    let mut parts = envelope.content;
    let id = number(expect(&mut parts, INTEGER)?)?;
    let body = element(&mut parts)?;
    if !parts.is_empty() {
        let last = element(&mut parts)?;
        match last.tag {
            CONTROLS => controls(last.content)?,
            RESPONSE_NAME => {}
            _ => return Err("a message has a part that none has"),
        }
        if !parts.is_empty() {
            return Err("a message has a part that none has");
        }
    }
    let result = match body.tag {
        operation::BOUND | operation::DONE | operation::EXTENDED_DONE => Some(outcome(body.content)?),
        operation::ENTRY => {
            entry(body.content)?;
            None
        }
        operation::REFERENCE => {
            texts(body.content)?;
            None
        }
        operation::INTERMEDIATE => None,
        _ => return Err("a message is of a kind that was not asked for"),
    };
    Ok(Message { id, operation: body.tag, result })
}

/// The number and the operation of a request of ours.
pub(super) fn request(frame: &[u8]) -> Option<(u32, u8)> {
    let mut rest = frame;
    let mut parts = element(&mut rest).ok()?.content;
    let id = number(expect(&mut parts, INTEGER).ok()?).ok()?;
    Some((id, element(&mut parts).ok()?.tag))
}

struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

/// Takes the next element off the front (X.690, section 8.1, with the limits of RFC 4511, section 5.1).
fn element<'a>(input: &mut &'a [u8]) -> Result<Element<'a>, &'static str> {
    const CUT: &str = "an element is cut off";
    let (&tag, rest) = input.split_first().ok_or(CUT)?;
    if tag & 0x1f == 0x1f {
        return Err("an element has a long tag");
    }
    let (&first, mut rest) = rest.split_first().ok_or(CUT)?;
    let length = match first {
        short @ 0..=0x7f => usize::from(short),
        0x81..=0x84 => {
            let (bytes, after) = rest.split_at_checked(usize::from(first & 0x7f)).ok_or(CUT)?;
            rest = after;
            bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        }
        _ => return Err("an element has no length"),
    };
    let (content, after) = rest.split_at_checked(length).ok_or(CUT)?;
    *input = after;
    Ok(Element { tag, content })
}

/// Sees that elements within elements are whole, and not too deep.
fn nested(mut content: &[u8], depth: usize) -> Result<(), &'static str> {
    if depth == 0 {
        return Err("a message is nested too deep");
    }
    while !content.is_empty() {
        let inner = element(&mut content)?;
        if inner.tag & 0x20 != 0 {
            nested(inner.content, depth - 1)?;
        }
    }
    Ok(())
}

fn expect<'a>(input: &mut &'a [u8], tag: u8) -> Result<&'a [u8], &'static str> {
    let found = element(input)?;
    if found.tag == tag { Ok(found.content) } else { Err("an element is of another kind than it has to be") }
}

fn number(content: &[u8]) -> Result<u32, &'static str> {
    match content {
        [0..=0x7f, ..] if content.len() <= 4 => {
            Ok(content.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
        }
        _ => Err("a number is out of range"),
    }
}

fn text(content: &[u8]) -> Result<(), &'static str> {
    std::str::from_utf8(content).map(drop).map_err(|_| "a text is not UTF-8")
}

/// Octet strings that are texts, and nothing else.
fn texts(mut content: &[u8]) -> Result<(), &'static str> {
    while !content.is_empty() {
        text(expect(&mut content, OCTETS)?)?;
    }
    Ok(())
}

/// LDAPResult and what bind and extended responses add to it (RFC 4511, sections 4.1.9, 4.2.2 and 4.12).
fn outcome(mut content: &[u8]) -> Result<u32, &'static str> {
    let code = number(expect(&mut content, ENUMERATED)?)?;
    text(expect(&mut content, OCTETS)?)?;
    text(expect(&mut content, OCTETS)?)?;
    while !content.is_empty() {
        let more = element(&mut content)?;
        match more.tag {
            REFERRAL => texts(more.content)?,
            RESPONSE_NAME => text(more.content)?,
            // Credentials of the server and the value of an extended response.
            0x87 | 0x8b => {}
            _ => return Err("a result has a part that none has"),
        }
    }
    Ok(code)
}

/// SearchResultEntry (RFC 4511, section 4.5.2).
fn entry(mut content: &[u8]) -> Result<(), &'static str> {
    text(expect(&mut content, OCTETS)?)?;
    let mut attributes = expect(&mut content, SEQUENCE)?;
    if !content.is_empty() {
        return Err("an entry has a part that none has");
    }
    while !attributes.is_empty() {
        let mut attribute = expect(&mut attributes, SEQUENCE)?;
        text(expect(&mut attribute, OCTETS)?)?;
        let mut values = expect(&mut attribute, SET)?;
        if !attribute.is_empty() {
            return Err("an attribute has a part that none has");
        }
        while !values.is_empty() {
            expect(&mut values, OCTETS)?;
        }
    }
    Ok(())
}

/// Controls (RFC 4511, section 4.1.11).
fn controls(mut content: &[u8]) -> Result<(), &'static str> {
    while !content.is_empty() {
        let mut control = expect(&mut content, SEQUENCE)?;
        text(expect(&mut control, OCTETS)?)?;
        let mut may_be_critical = true;
        while !control.is_empty() {
            let part = element(&mut control)?;
            match part.tag {
                BOOLEAN if may_be_critical && part.content.len() == 1 => may_be_critical = false,
                OCTETS if control.is_empty() => {}
                _ => return Err("a control has a part that none has"),
            }
        }
    }
    Ok(())
}

/// The cookie of a paged result (RFC 2696, section 2); empty after the last page.
pub(super) fn page_cookie(value: &[u8]) -> Result<&[u8], &'static str> {
    let mut rest = value;
    let mut parts = expect(&mut rest, SEQUENCE)?;
    element(&mut parts)?;
    expect(&mut parts, OCTETS)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An element with a short length.
    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82, length[0], length[1]], content].concat()
    }

    fn message(id: u8, body: &[u8]) -> Vec<u8> {
        tlv(SEQUENCE, &[&tlv(INTEGER, &[id]), body].concat())
    }

    fn done(code: u8) -> Vec<u8> {
        tlv(operation::DONE, &[tlv(ENUMERATED, &[code]), tlv(OCTETS, b""), tlv(OCTETS, b"")].concat())
    }

    fn person() -> Vec<u8> {
        let values = tlv(SET, &[tlv(OCTETS, b"Ada"), tlv(OCTETS, &[0xff, 0])].concat());
        let attributes = tlv(SEQUENCE, &tlv(SEQUENCE, &[tlv(OCTETS, b"cn"), values].concat()));
        tlv(operation::ENTRY, &[tlv(OCTETS, b"cn=Ada"), attributes].concat())
    }

    #[test]
    fn answers_are_understood() {
        let found = inspect(&message(7, &done(32))).unwrap();
        assert_eq!(found, Message { id: 7, operation: operation::DONE, result: Some(32) });
        let found = inspect(&message(7, &person())).unwrap();
        assert_eq!(found, Message { id: 7, operation: operation::ENTRY, result: None });
    }

    #[test]
    fn what_the_library_would_stumble_over_is_turned_down() {
        let deep = (0..1000).fold(Vec::new(), |inner, _| tlv(0xa0, &inner));
        let no_code = tlv(operation::DONE, &tlv(OCTETS, b""));
        let no_attributes = tlv(operation::ENTRY, &tlv(OCTETS, b"cn=x"));
        let not_utf8 = tlv(operation::REFERENCE, &tlv(OCTETS, &[0xff]));
        let bare = tlv(operation::ENTRY, b"\x04\x7f");
        for body in [deep, no_code, no_attributes, not_utf8, bare, tlv(0x6b, b""), Vec::new()] {
            assert!(inspect(&message(1, &body)).is_err());
        }
        assert!(inspect(&tlv(SEQUENCE, &[])).is_err());
        assert!(inspect(&[message(1, &done(0)), vec![0]].concat()).is_err());
    }

    #[test]
    fn the_cookie_of_a_page_is_found() {
        let value = tlv(SEQUENCE, &[tlv(INTEGER, &[0]), tlv(OCTETS, b"next")].concat());
        assert_eq!(page_cookie(&value).unwrap(), b"next");
        assert!(page_cookie(b"garbage").is_err());
    }

    #[tokio::test]
    async fn messages_are_read_one_by_one() {
        let bytes = [message(1, &person()), message(1, &done(0))].concat();
        let mut reader = bytes.as_slice();
        assert_eq!(read(&mut reader).await.unwrap().unwrap(), message(1, &person()));
        assert_eq!(read(&mut reader).await.unwrap().unwrap(), message(1, &done(0)));
        assert!(read(&mut reader).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_message_that_is_cut_off_is_a_broken_connection() {
        let whole = message(1, &done(0));
        let mut reader = &whole[..whole.len() - 1];
        assert!(matches!(read(&mut reader).await, Err(FrameError::Io(_))));
        let mut reader = [SEQUENCE, 0x84, 0x7f, 0xff, 0xff, 0xff].as_slice();
        assert!(matches!(read(&mut reader).await, Err(FrameError::Malformed(_))));
    }

    proptest! {
        #[test]
        fn whatever_passes_can_be_decoded(at in 0usize..60, to in any::<u8>(), which in 0u8..2) {
            let mut frame = if which == 0 { message(1, &done(0)) } else { message(1, &person()) };
            let at = at % frame.len();
            frame[at] = to;
            if inspect(&frame).is_ok() {
                prop_assert!(ldap3::asn1::parse_tag(&frame).is_ok_and(|(rest, _)| rest.is_empty()));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = inspect(&bytes);
            let _ = request(&bytes);
            let _ = page_cookie(&bytes);
        }
    }
}
