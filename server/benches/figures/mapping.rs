//! Evaluating a mapping of 20 fields.

use std::{hint::black_box, time::Instant};

use serde_json::json;
use vestibule_app::domain::mapping::{Claims, UserField, UserMapping, evaluate};

use crate::{
    statistics::{median, microseconds},
    table::{Table, Target, Unit},
};

const FIELDS: usize = 20;
const BATCHES: usize = 50;
const BATCH: u32 = 500;

pub(crate) fn measure(table: &mut Table) {
    let mut mapping = UserMapping { extra_fields: Some("amr acr".to_owned()), ..UserMapping::default() };
    for field in &UserField::ALL[..FIELDS] {
        // The first claim is missing, so that each field looks twice.
        mapping.attributes.set(*field, &format!("urn:example:{0} {0}", field.as_str()));
    }
    let claims = json!({
        "sub": "248289761001", "iss": "https://id.example.com", "aud": "vestibule", "exp": 1_900_000_000,
        "iat": 1_800_000_000, "amr": ["pwd", "otp"], "acr": "high",
        "first_name": "Ada", "last_name": "Lovelace", "identity_source": "id.example.com",
        "organization": "Example University", "affiliations": ["member@example.com", "staff@example.com"],
        "civil_number": "urn:schac:personalUniqueID:EE:EST:60001019906", "email": "ada@example.com",
        "phone_number": "+372 5555 5555", "birth_date": "1815-12-10", "gender": "Female", "personal_title": "Dr.",
        "place_of_birth": "London", "address": {"street_address": "12 St James's Square", "locality": "London",
        "country": "GB"}, "country_of_residence": "GB", "nationality": "GB", "nationalities": ["GB", "EE"],
        "organization_country": "EE", "organization_type": "urn:schac:homeOrganizationType:int:university",
        "organization_registry_code": "74001073", "organization_vat_code": "EE100030417",
    });
    let claims = Claims::parse(&claims.to_string()).expect("an object");
    assert_eq!(evaluate(&mapping, &claims).values().count(), FIELDS);
    let mut times = Vec::new();
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..BATCH {
            black_box(evaluate(black_box(&mapping), black_box(&claims)));
        }
        times.push(microseconds(start.elapsed()) / f64::from(BATCH));
    }
    table.add("Evaluating a mapping of 20 fields", median(&times), Unit::Microseconds, Target::AtMost(20.0));
}
