//! Deleting, disabling and unlinking: done through each door that can, and checked through all others.

use serde_json::{Value, json};

use super::{
    doors::{ADMIN, AVEVA, Doors, WALDUR, linked_to, of_tenant},
    writing::Writer,
};
use crate::support::Answer;

const GONE: [u16; 5] = [404; 5];
const THERE: [u16; 5] = [200; 5];

async fn linked(doors: &Doors, writer: Writer) -> String {
    let id = writer.create(doors).await;
    for tenant in [doors.acme, doors.globex] {
        doors.link(tenant, &id).await;
    }
    id
}

/// Creates the provider, deletes it, and checks that nobody sees it any more and that its names are free.
async fn delete(writer: Writer, delete: impl AsyncFn(&Doors, &str) -> Answer, status: u16) {
    let doors = Doors::open().await;
    let id = linked(&doors, writer).await;
    assert_eq!(delete(&doors, &id).await.status, status);
    let slug = writer.slug();
    assert_eq!(doors.found(&id, slug).await, GONE);
    assert_eq!(doors.listed().await, [const { Vec::<String>::new() }; 4]);
    for tenant in [doors.acme, doors.globex] {
        assert_eq!(doors.found_in(tenant, &id).await, [404, 404]);
        assert_eq!(doors.listed_for(tenant).await, [const { Vec::<String>::new() }; 3]);
    }
    // No door deletes, changes or links it a second time.
    for (method, path, body) in [
        ("DELETE", format!("{WALDUR}{slug}/"), None),
        ("DELETE", format!("{ADMIN}{id}"), None),
        ("PATCH", format!("{ADMIN}{id}"), Some(json!({"enabled": true}))),
        ("DELETE", of_tenant(doors.acme, &id), None),
        ("POST", linked_to(doors.acme, &id), None),
        ("DELETE", linked_to(doors.acme, &id), None),
        ("POST", format!("{ADMIN}{id}/test"), None),
    ] {
        assert_eq!(doors.rest(method, &path, body).await.status, 404, "{method} {path}");
    }
    assert_eq!(doors.portal("providers/delete", json!({"id": id})).await.status, 404);
    // Anyone who comes next gets the slug and the name, through whichever door.
    for next in Writer::ALL {
        let again = next.create(&doors).await;
        assert_ne!(again, id);
        let admin = doors.rest("GET", &format!("{ADMIN}{again}"), None).await.expect(200)["data"].clone();
        assert_eq!((&admin["slug"], &admin["name"]), (&json!(next.slug()), &json!("okta")), "{next:?}");
        doors.rest("DELETE", &format!("{ADMIN}{again}"), None).await;
    }
}

#[tokio::test]
async fn what_waldur_deletes_is_gone_everywhere() {
    for writer in Writer::OF_THE_PLATFORM {
        delete(writer, async |doors, _| doors.rest("DELETE", &format!("{WALDUR}okta/"), None).await, 204).await;
    }
}

#[tokio::test]
async fn what_the_administration_deletes_is_gone_everywhere() {
    for writer in Writer::ALL {
        delete(writer, async |doors, id| doors.rest("DELETE", &format!("{ADMIN}{id}"), None).await, 204).await;
    }
}

#[tokio::test]
async fn what_a_tenant_deletes_of_its_own_is_gone_everywhere() {
    let of_owner = async |doors: &Doors, id: &str| doors.rest("DELETE", &of_tenant(doors.acme, id), None).await;
    delete(Writer::Tenant, of_owner, 204).await;
}

#[tokio::test]
async fn what_the_portal_deletes_is_gone_everywhere() {
    for writer in Writer::ALL {
        delete(writer, async |doors, id| doors.portal("providers/delete", json!({"id": id})).await, 200).await;
    }
}

/// What each door says of whether users may sign in: Waldur, ScaiKey's administration, a tenant's provider, a tenant's
/// list, its list of the enabled ones, the portal, and whether Waldur shows it to those who sign in.
async fn enabled(doors: &Doors, id: &str) -> Value {
    let tenant = doors.acme;
    let first = async |query: &str| {
        doors.rest("GET", &of_tenant(tenant, query), None).await.expect(200)["data"][0]["enabled"].clone()
    };
    json!([
        doors.rest("GET", &format!("{WALDUR}okta/"), None).await.expect(200)["is_active"],
        doors.rest("GET", &format!("{ADMIN}{id}"), None).await.expect(200)["data"]["enabled"],
        doors.rest("GET", &of_tenant(tenant, id), None).await.expect(200)["data"]["enabled"],
        first("").await,
        first("?enabled_only=true").await,
        doors.opened(id).await["enabled"],
        doors.app.get(&format!("{WALDUR}okta/"), None).await.status,
    ])
}

#[tokio::test]
async fn disabling_and_enabling_mean_the_same_through_every_door() {
    let doors = Doors::open().await;
    let id = linked(&doors, Writer::Admin).await;
    let (on, off) =
        (json!([true, true, true, true, true, true, 200]), json!([false, false, false, false, null, false, 404]));
    assert_eq!(enabled(&doors, &id).await, on);
    for (name, set) in [("waldur", 0), ("administration", 1), ("portal", 2)] {
        for (value, expected) in [(false, &off), (true, &on)] {
            match set {
                0 => {
                    doors.rest("PATCH", &format!("{WALDUR}okta/"), Some(json!({"is_active": value}))).await.expect(200)
                }
                1 => doors.rest("PATCH", &format!("{ADMIN}{id}"), Some(json!({"enabled": value}))).await.expect(200),
                _ => doors.save(&id, json!({"enabled": value})).await.expect(200),
            };
            assert_eq!(&enabled(&doors, &id).await, expected, "{name} {value}");
            // It stays where it is, and AVEVA, which has no word for it, goes on showing it.
            assert_eq!(doors.found(&id, "okta").await, THERE, "{name} {value}");
            assert_eq!(doors.found_in(doors.acme, &id).await, [200, 200], "{name} {value}");
        }
    }
}

#[tokio::test]
async fn a_tenant_disables_its_own_provider_everywhere() {
    let doors = Doors::open().await;
    let id = linked(&doors, Writer::Tenant).await;
    for value in [false, true] {
        doors.rest("PATCH", &of_tenant(doors.acme, &id), Some(json!({"enabled": value}))).await.expect(200);
        let reported = [
            doors.rest("GET", &format!("{ADMIN}{id}"), None).await.expect(200)["data"]["enabled"].clone(),
            // The tenant that it is lent to sees it too.
            doors.rest("GET", &of_tenant(doors.globex, &id), None).await.expect(200)["data"]["enabled"].clone(),
            doors.opened(&id).await["enabled"].clone(),
        ];
        assert_eq!(reported, [json!(value), json!(value), json!(value)]);
        assert_eq!(doors.rest("GET", &format!("{AVEVA}{id}"), None).await.status, 200);
    }
}

/// Unlinks a provider from `acme` and checks that it is gone there, and there alone.
async fn unlink(writer: Writer, unlink: impl AsyncFn(&Doors, &str) -> Answer, status: u16) {
    let doors = Doors::open().await;
    let id = linked(&doors, writer).await;
    assert_eq!(unlink(&doors, &id).await.status, status);
    assert_eq!(doors.found_in(doors.acme, &id).await, [404, 404], "{writer:?}");
    assert_eq!(doors.listed_for(doors.acme).await, [const { Vec::<String>::new() }; 3], "{writer:?}");
    assert_eq!(doors.found_in(doors.globex, &id).await, [200, 200], "{writer:?}");
    let waldur = if writer == Writer::Tenant { 404 } else { 200 };
    assert_eq!(doors.found(&id, writer.slug()).await, [200, 200, 200, 200, waldur], "{writer:?}");
    // The second time there is nothing to unlink, through whichever door.
    assert_eq!(doors.rest("DELETE", &linked_to(doors.acme, &id), None).await.status, 404);
    assert_eq!(doors.rest("DELETE", &of_tenant(doors.acme, &id), None).await.status, 404);
    let pair = json!({"tenant": doors.acme, "provider": id});
    assert_eq!(doors.portal("assignments/unlink", pair.clone()).await.status, 404);
    // And it can be linked again, which all see.
    doors.portal("assignments/link", pair).await.expect(200);
    assert_eq!(doors.found_in(doors.acme, &id).await, [200, 200]);
}

#[tokio::test]
async fn what_aveva_unlinks_is_unlinked_everywhere() {
    for writer in Writer::ALL {
        unlink(writer, async |doors, id| doors.rest("DELETE", &linked_to(doors.acme, id), None).await, 204).await;
    }
}

#[tokio::test]
async fn what_a_tenant_deletes_of_others_is_unlinked_everywhere() {
    for writer in Writer::OF_THE_PLATFORM {
        unlink(writer, async |doors, id| doors.rest("DELETE", &of_tenant(doors.acme, id), None).await, 204).await;
    }
}

#[tokio::test]
async fn what_the_portal_unlinks_is_unlinked_everywhere() {
    for writer in Writer::ALL {
        let call = async |doors: &Doors, id: &str| {
            doors.portal("assignments/unlink", json!({"tenant": doors.acme, "provider": id})).await
        };
        unlink(writer, call, 200).await;
    }
}

#[tokio::test]
async fn a_deleted_tenant_takes_its_own_providers_along_and_leaves_those_of_others() {
    for through_the_portal in [false, true] {
        let doors = Doors::open().await;
        let own = linked(&doors, Writer::Tenant).await;
        let shared = linked(&doors, Writer::Portal).await;
        let deleted = if through_the_portal {
            doors.portal("tenants/delete", json!({"id": doors.acme})).await.status
        } else {
            doors.rest("DELETE", &format!("/api/v1/admin/tenants/{}", doors.acme), None).await.status
        };
        assert_eq!(deleted, if through_the_portal { 200 } else { 204 });
        assert_eq!(doors.found(&own, "acme--okta").await, GONE);
        assert_eq!(doors.found_in(doors.globex, &own).await, [404, 404]);
        assert_eq!(doors.found(&shared, "okta").await, THERE);
        let okta = vec!["okta".to_owned()];
        assert_eq!(doors.listed().await, std::array::from_fn::<_, 4, _>(|_| okta.clone()));
        assert_eq!(doors.listed_for(doors.globex).await, std::array::from_fn::<_, 3, _>(|_| okta.clone()));
        for path in [of_tenant(doors.acme, ""), linked_to(doors.acme, "")] {
            assert_eq!(doors.rest("GET", &path, None).await.status, 404, "{path}");
        }
        assert_eq!(doors.portal("tenants/get", json!({"id": doors.acme})).await.status, 404);
    }
}
