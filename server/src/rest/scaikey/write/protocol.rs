//! The protocol of a provider, as bodies name it.

use serde_json::{Value, json};
use vestibule_app::domain::provider::Protocol;

use crate::rest::scaikey::{
    input::ObjectReader,
    members::{CANNOT_BE_CHANGED, Member, Mode},
    words::{ADMIN_PROTOCOLS, TENANT_PROTOCOLS, protocol_name},
};

fn protocols(protocols: &[Protocol]) -> Value {
    let names: Vec<_> = protocols.iter().copied().map(protocol_name).collect();
    json!({"type": "string", "enum": names})
}

pub(super) const fn tenant_protocol() -> Member<Option<Protocol>> {
    let read = |reader: &ObjectReader<'_>, name| {
        reader.require(name);
        reader.choice(name, &TENANT_PROTOCOLS, protocol_name)
    };
    Member::new(read, || protocols(&TENANT_PROTOCOLS)).required(true)
}

/// `provider_type`, in whose place `protocol` is accepted.
pub(super) const fn admin_protocol(mode: Mode) -> Member<Option<Protocol>> {
    let read: fn(&ObjectReader<'_>, &'static str) -> Option<Protocol> = match mode {
        Mode::Create => |reader, name| {
            if !reader.mentions("protocol") {
                reader.require(name);
            }
            read_either(reader, name)
        },
        Mode::Change => read_either,
    };
    Member::new(read, || protocols(&ADMIN_PROTOCOLS))
        .says(mode.choose("In any letter case. `protocol` is accepted in its place.", CANNOT_BE_CHANGED))
        .required(matches!(mode, Mode::Create))
}

fn read_either(reader: &ObjectReader<'_>, name: &'static str) -> Option<Protocol> {
    let given = reader.choice(name, &ADMIN_PROTOCOLS, protocol_name);
    let alias = reader.choice("protocol", &ADMIN_PROTOCOLS, protocol_name);
    if let (Some(given), Some(alias)) = (given, alias)
        && given != alias
    {
        reader.refuse("protocol", "protocol and provider_type name different protocols");
    }
    given.or(alias)
}
