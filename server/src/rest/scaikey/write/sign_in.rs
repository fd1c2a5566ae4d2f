//! Settings of signing in, as the administration writes them. ScaiKey itself has none of them: members that are not sent
//! stay, and null restores the default.

use std::collections::BTreeMap;

use serde_json::json;
use vestibule_app::domain::{
    patch::Patch,
    provider::{
        ClientAuthentication, EmailTrust, FieldUpdate, Linking, OidcPrompt, ResponseMode, SigningAlgorithm,
        UpdateRules, UserInfoUse,
    },
};

use crate::rest::{
    body::{body, schemas},
    scaikey::{
        input::ObjectReader,
        members::{Member, object_schema, texts_or_null, word_schema, words_schema},
    },
};

body! {
    /// `IdPUpdatePolicy`, always as a whole.
    #[derive(Debug, Clone, PartialEq)]
    pub(super) struct UpdatePolicyBody() from &ObjectReader<'_> {
        /// For fields that have no rule of their own; null for what `update_user_on_login` says.
        default: Patch<FieldUpdate> = rule(),
        /// Rules by user field; `username` and `extra` (the claims that are kept) are fields too.
        fields: Patch<BTreeMap<String, FieldUpdate>> = rules(),
    }
}

schemas! {
    /// Which fields of known users a sign-in changes.
    pub(super) UpdatePolicySchema as "IdPUpdatePolicy" = UpdatePolicyBody::members();
}

impl UpdatePolicyBody {
    pub(super) fn into_rules(self) -> UpdateRules {
        let Self { default, fields } = self;
        UpdateRules { default: default.value().copied(), fields: fields.value().cloned().unwrap_or_default() }
    }
}

const fn rule() -> Member<Patch<FieldUpdate>> {
    Member::new(
        |reader, name| reader.choice_or_null(name, FieldUpdate::ALL, FieldUpdate::as_str),
        || {
            let mut schema = word_schema(FieldUpdate::NAMES);
            schema["default"] = json!(null);
            schema
        },
    )
}

const fn rules() -> Member<Patch<BTreeMap<String, FieldUpdate>>> {
    Member::new(
        |reader, name| reader.choices_by_name_or_null(name, FieldUpdate::ALL, FieldUpdate::as_str),
        || {
            let words: Vec<_> = FieldUpdate::NAMES.iter().map(|(word, _)| *word).collect();
            json!({"type": ["object", "null"], "additionalProperties": {"type": "string", "enum": words}})
        },
    )
}

/// A function for each member that is one of a few words, or a list of them.
macro_rules! choices {
    ($($name:ident: $value:ty = $read:ident, $schema:ident of $words:ident;)+) => {$(
        pub(super) const fn $name() -> Member<Patch<$value>> {
            Member::new(|reader, name| reader.$read(name, $words::ALL, $words::as_str), || $schema($words::NAMES))
        }
    )+};
}

choices! {
    linking: Linking = choice_or_null, word_schema of Linking;
    email_trust: EmailTrust = choice_or_null, word_schema of EmailTrust;
    authentication: ClientAuthentication = choice_or_null, word_schema of ClientAuthentication;
    response_mode: ResponseMode = choice_or_null, word_schema of ResponseMode;
    userinfo: UserInfoUse = choice_or_null, word_schema of UserInfoUse;
    algorithms: Vec<SigningAlgorithm> = choices_or_null, words_schema of SigningAlgorithm;
    prompts: Vec<OidcPrompt> = choices_or_null, words_schema of OidcPrompt;
}

pub(super) const fn matching() -> Member<Patch<bool>> {
    Member::new(|reader, name| reader.boolean_or_null(name), || json!({"type": ["boolean", "null"], "default": false}))
}

pub(super) const fn confirmed_domains() -> Member<Patch<Vec<String>>> {
    texts_or_null()
}

pub(super) const fn issuers() -> Member<Patch<Vec<String>>> {
    texts_or_null().with(|| json!({"maxItems": 1000}))
}

pub(super) const fn age() -> Member<Patch<u32>> {
    Member::new(
        |reader, name| reader.whole_or_null(name),
        || json!({"type": ["integer", "null"], "minimum": 0, "maximum": u32::MAX}),
    )
}

pub(super) const fn update_policy() -> Member<Patch<UpdatePolicyBody>> {
    let read = |reader: &ObjectReader<'_>, name| reader.object_or_null(name, None, UpdatePolicyBody::read);
    Member::new(read, || object_schema("IdPUpdatePolicy"))
}
