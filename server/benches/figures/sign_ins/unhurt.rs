//! Sign-ins with one provider while others do not answer, or are not there.

use std::time::Duration;

use tokio::task::JoinSet;
use vestibule::domain::{
    actor::Actor,
    provider::{ConfigInput, IdentityProvider, OidcEndpoints},
};
use vestibule::service::TenantRef;

use crate::{
    client::Connection,
    database::{Instance, Place, new_provider},
    openid::OpenId,
    statistics::{milliseconds, percentile},
    table::{Table, Target, Unit},
};

use super::{
    AT_ONCE,
    people::{People, Until},
    product,
};

const PAIRS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
/// 160 sign-ins a second, which leave the machine time.
const PACE: Duration = Duration::from_millis(100);
/// How many sign-ins hang at once, and how many fail at once.
const OTHERS: usize = 16;

pub(super) async fn measure(table: &mut Table) {
    let instance = Instance::with(&Place::sqlite(), 1).await;
    let server = product(&instance).await;
    let address = server.address();
    People::of(&instance, address).await.sign_in_each_once(AT_ONCE).await;
    let slow = OpenId::start().await;
    let hanging = add(&instance, 2, &slow, None).await.slug.to_string();
    let refusing = add(&instance, 3, &slow, Some("http://127.0.0.1:1/token".to_owned())).await.slug.to_string();
    slow.hang();
    let usual = People::with(address, vec![instance.made[0].slug.to_string()], PACE);
    let mut taken = [const { Vec::new() }; 2];
    for _ in 0..PAIRS {
        for (side, taken) in taken.iter_mut().enumerate() {
            // They end when this is dropped.
            let mut others = JoinSet::new();
            for number in 0..OTHERS * side {
                for provider in [&hanging, &refusing] {
                    let people = People::with(address, vec![provider.clone()], PACE);
                    let mut connection = Connection::open(address).await;
                    others.spawn(async move {
                        loop {
                            let answer = people.come_back(&mut connection, number as u64).await;
                            assert_eq!(answer.status, 403, "{answer:?}");
                            tokio::time::sleep(PACE).await;
                        }
                    });
                }
            }
            taken.extend(usual.sign_in(AT_ONCE, Until::Passed(ROUND)).await.into_iter().map(milliseconds));
        }
    }
    let [alone, beside] = taken.map(|taken| percentile(&taken, 0.99));
    let name = "A sign-in beside providers that hang or are not there, p99";
    table.add(format!("{name} against without"), beside / alone, Unit::Times, Target::AtMost(1.2));
    table.add(name, beside, Unit::Milliseconds, Target::None);
    drop(server);
    instance.remove().await;
}

/// A provider of the default tenant, with another token endpoint than it publishes.
async fn add(instance: &Instance, number: u64, openid: &OpenId, token: Option<String>) -> IdentityProvider {
    let mut new = new_provider(number, &openid.discovery_url);
    if let ConfigInput::Oidc(oidc) = &mut new.config {
        oidc.overrides = OidcEndpoints { token, ..OidcEndpoints::default() };
    }
    let (operator, services) = (Actor::operator(), &instance.services);
    let provider = services.providers.create(&operator, new).await.expect("a provider");
    let default = TenantRef::Slug("default".to_owned());
    services.assignments.link(&operator, &default, provider.id).await.expect("a link");
    provider
}
