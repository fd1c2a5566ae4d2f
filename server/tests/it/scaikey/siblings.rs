//! Tenants and groups, which the other operations stand on.

use serde_json::json;
use vestibule::domain::actor::Role;

use super::api::{Api, detail, text};

const TENANTS: &str = "/api/v1/admin/tenants/";
const GROUPS: &str = "/api/v1/admin/groups/";

#[tokio::test]
async fn a_tenant_is_created_changed_and_deleted() {
    let api = Api::start().await;
    let body = json!({"name": "Acme Corp", "partner_id": "partner-1", "status": "SUSPENDED"});
    let data = api.send("POST", TENANTS, Some(body)).await.expect(201)["data"].clone();
    let id = text(&data["id"]);
    assert_eq!(
        data,
        json!({
            "id": id, "name": "Acme Corp", "slug": "acme-corp", "partner_id": "partner-1", "status": "suspended",
            "created_at": "2027-01-15T08:00:00Z", "updated_at": null,
        })
    );
    api.app.clock.advance(1);
    let path = format!("{TENANTS}{id}");
    let change = json!({"name": "Acme", "partner_id": null, "status": "active", "slug": "acme-corp"});
    let changed = api.send("PATCH", &path, Some(change)).await.expect(200)["data"].clone();
    assert_eq!(
        (&changed["name"], &changed["partner_id"], &changed["status"]),
        (&json!("Acme"), &json!(null), &json!("active"))
    );
    assert_eq!(changed["updated_at"], "2027-01-15T08:00:01Z");
    assert_eq!(api.send("GET", &format!("{TENANTS}acme-corp"), None).await.expect(200)["data"], changed);
    let reported =
        api.send("PATCH", &path, Some(json!({"slug": "other", "name": "", "status": "x"}))).await.expect(422);
    let reported: Vec<_> =
        reported["detail"].as_array().expect("a list").iter().map(|entry| entry["loc"][1].clone()).collect();
    assert_eq!(reported, ["name", "slug", "status"]);
    assert_eq!(api.send("DELETE", &path, None).await.status, 204);
    assert_eq!(detail(&api.send("DELETE", &path, None).await, 404), "Tenant not found");
}

#[tokio::test]
async fn the_slug_of_a_tenant_is_taken_once() {
    let api = Api::start().await;
    let body = json!({"name": "Acme", "slug": "acme"});
    api.send("POST", TENANTS, Some(body.clone())).await.expect(201);
    assert_eq!(
        detail(&api.send("POST", TENANTS, Some(body)).await, 409),
        "A tenant with this slug already exists: Acme"
    );
    let odd = api.send("POST", TENANTS, Some(json!({"slug": "Not a slug"}))).await.expect(422);
    assert_eq!(odd["detail"][0]["loc"], json!(["body", "name"]));
    let odd = api.send("POST", TENANTS, Some(json!({"name": "n", "slug": "Not a slug"}))).await.expect(422);
    assert_eq!(odd["detail"][0]["loc"], json!(["body", "slug"]));
}

#[tokio::test]
async fn tenants_are_listed_within_reach_and_narrowed() {
    let api = Api::start().await;
    let a = api.tenant("A", Some("acme")).await;
    api.tenant("B", None).await;
    api.send("POST", TENANTS, Some(json!({"name": "C", "status": "suspended"}))).await.expect(201);
    let partner = api.app.token(Role::PartnerAdmin).await;
    let names = async |token: Option<&str>, query: &str| {
        let path = format!("{TENANTS}?{query}");
        let page = match token {
            Some(token) => api.send_as(Some(token), "GET", &path, None).await.expect(200),
            None => api.send("GET", &path, None).await.expect(200),
        };
        let rows = page["data"].as_array().expect("a list").clone();
        rows.iter().map(|row| text(&row["name"]).to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(None, "").await, "A B C Default");
    assert_eq!(names(None, "per_page=2&page=2").await, "C Default");
    assert_eq!(names(None, "status=Suspended").await, "C");
    assert_eq!(names(None, "status=odd").await, "");
    assert_eq!(names(None, "partner_id=acme").await, "A");
    assert_eq!(names(None, "search=faul").await, "Default");
    assert_eq!(names(None, "search=%00").await, "");
    assert_eq!(names(Some(&a.token), "").await, "A");
    assert_eq!(names(Some(&partner), "").await, "A");
}

#[tokio::test]
async fn tenants_are_written_by_platform_administrators_alone() {
    let api = Api::start().await;
    let tenant = api.tenant("A", Some("acme")).await;
    let path = format!("{TENANTS}{}", tenant.id);
    for role in [Role::PartnerAdmin, Role::PlatformReader] {
        let token = api.app.token(role).await;
        api.send_as(Some(&token), "GET", &path, None).await.expect(200);
        for (method, path) in [("POST", TENANTS), ("PATCH", path.as_str()), ("DELETE", path.as_str())] {
            let answer = api.send_as(Some(&token), method, path, Some(json!({"name": "x"}))).await;
            assert_eq!(detail(&answer, 403), "Insufficient permissions", "{method} by {role:?}");
        }
    }
}

#[tokio::test]
async fn a_group_is_created_changed_and_deleted() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let mine = Some(tenant.token.as_str());
    let body = json!({"tenant_id": "acme", "name": "Admins", "description": "Who may"});
    let data = api.send_as(mine, "POST", GROUPS, Some(body.clone())).await.expect(201)["data"].clone();
    let id = text(&data["id"]);
    assert!(id.starts_with("grp_"), "{id}");
    assert_eq!(
        data,
        json!({
            "id": id, "tenant_id": tenant.id.prefixed(), "name": "Admins", "description": "Who may",
            "created_at": "2027-01-15T08:00:00Z", "updated_at": null,
        })
    );
    let taken = format!("A group with this name already exists: {id}");
    assert_eq!(detail(&api.send("POST", GROUPS, Some(body)).await, 409), taken);
    let path = format!("{GROUPS}{id}");
    let change = json!({"name": "Owners", "description": null, "tenant_id": tenant.id});
    let changed = api.send_as(mine, "PATCH", &path, Some(change)).await.expect(200)["data"].clone();
    assert_eq!((&changed["name"], &changed["description"]), (&json!("Owners"), &json!(null)));
    let reported = api.send("PATCH", &path, Some(json!({"tenant_id": "default"}))).await.expect(422);
    assert_eq!(reported["detail"][0]["loc"], json!(["body", "tenant_id"]));
    assert_eq!(api.send_as(mine, "DELETE", &path, None).await.status, 204);
    for wrong in [path.as_str(), "/api/v1/admin/groups/odd"] {
        assert_eq!(detail(&api.send_as(mine, "GET", wrong, None).await, 404), "Group not found");
    }
}

#[tokio::test]
async fn groups_of_other_tenants_do_not_exist() {
    let api = Api::start().await;
    let (a, b) = (api.tenant("A", None).await, api.tenant("B", None).await);
    let create = async |tenant: &str, token: Option<&str>| {
        let body = Some(json!({"tenant_id": tenant, "name": "Admins"}));
        match token {
            Some(token) => api.send_as(Some(token), "POST", GROUPS, body).await,
            None => api.send("POST", GROUPS, body).await,
        }
    };
    let id = text(&create("a", None).await.expect(201)["data"]["id"]).to_owned();
    create("b", None).await.expect(201);
    assert_eq!(detail(&create("a", Some(&b.token)).await, 404), "Tenant not found");
    let path = format!("{GROUPS}{id}");
    for (method, body) in [("GET", None), ("PATCH", Some(json!({"name": "x"}))), ("DELETE", None)] {
        let answer = api.send_as(Some(&b.token), method, &path, body).await;
        assert_eq!(detail(&answer, 404), "Group not found", "{method}");
    }
    let total = async |token: &str, query: &str| {
        let page = api.send_as(Some(token), "GET", &format!("{GROUPS}?{query}"), None).await.expect(200);
        page["pagination"]["total_items"].clone()
    };
    assert_eq!(total(&a.token, "").await, 1);
    assert_eq!(total(&a.token, "search=ADM").await, 1);
    for query in ["tenant_id=b", "search=x", "search=%00"] {
        assert_eq!(total(&a.token, query).await, 0, "{query}");
    }
}
