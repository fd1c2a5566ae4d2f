//! A dialect that the operator does not serve is not there, and the others go on over the same providers.

use serde_json::json;
use vestibule::Dialect;

use super::{
    doors::{ADMIN, AVEVA, Doors, WALDUR, linked_to, of_tenant},
    writing::Writer,
};

const WALDUR_DIALECT: Dialect = Dialect::Waldur { anonymous_reading: true };

async fn without(off: Dialect) -> (Doors, String) {
    let served = [WALDUR_DIALECT, Dialect::ScaiKey, Dialect::Aveva].into_iter().filter(|dialect| *dialect != off);
    let doors = Doors::open_with(|builder| builder.dialects(served.collect::<Vec<_>>())).await;
    let id = Writer::Portal.create(&doors).await;
    doors.portal("assignments/link", json!({"tenant": doors.acme, "provider": id})).await.expect(200);
    (doors, id)
}

/// Checks that nothing answers at these paths, with whichever method.
async fn absent(doors: &Doors, paths: &[String]) {
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let status = doors.rest(method, path, None).await.status;
            assert_eq!(status, 404, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn without_waldur_the_others_go_on() {
    let (doors, id) = without(WALDUR_DIALECT).await;
    absent(&doors, &[WALDUR.to_owned(), format!("{WALDUR}okta/"), format!("{WALDUR}discover_metadata/")]).await;
    doors.rest("PATCH", &format!("{ADMIN}{id}"), Some(json!({"display_name": "Still here"}))).await.expect(200);
    let object = doors.rest("GET", &linked_to(doors.acme, &id), None).await.expect(200);
    assert_eq!(object["DisplayName"], "Still here");
    assert_eq!(doors.opened(&id).await["display_name"], "Still here");
}

#[tokio::test]
async fn without_scaikey_the_others_go_on() {
    let (doors, id) = without(Dialect::ScaiKey).await;
    let paths = [
        ADMIN.to_owned(),
        format!("{ADMIN}{id}"),
        format!("{ADMIN}{id}/test"),
        of_tenant(doors.acme, ""),
        of_tenant(doors.acme, &id),
        "/api/v1/admin/tenants/".to_owned(),
        "/api/v1/admin/groups/".to_owned(),
    ];
    absent(&doors, &paths).await;
    doors.rest("PATCH", &format!("{WALDUR}okta/"), Some(json!({"label": "Still here"}))).await.expect(200);
    let object = doors.rest("GET", &linked_to(doors.acme, &id), None).await.expect(200);
    assert_eq!(object["DisplayName"], "Still here");
    assert_eq!(doors.opened(&id).await["display_name"], json!("Still here"));
}

#[tokio::test]
async fn without_aveva_the_others_go_on() {
    let (doors, id) = without(Dialect::Aveva).await;
    let paths = [
        AVEVA.to_owned(),
        format!("{AVEVA}{id}"),
        format!("{AVEVA}schemes/okta"),
        linked_to(doors.acme, ""),
        linked_to(doors.acme, &id),
    ];
    absent(&doors, &paths).await;
    doors.rest("PATCH", &format!("{WALDUR}okta/"), Some(json!({"label": "Still here"}))).await.expect(200);
    let read = doors.rest("GET", &of_tenant(doors.acme, &id), None).await.expect(200);
    assert_eq!(read["data"]["display_name"], "Still here");
    assert_eq!(doors.opened(&id).await["display_name"], json!("Still here"));
}
