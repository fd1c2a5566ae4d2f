//! Group mappings, T6 to T8.

use serde_json::json;

use super::api::{Api, detail, text};

#[tokio::test]
async fn a_mapping_is_created_listed_and_deleted() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let provider = api.provider_of(&tenant, "okta").await;
    let path = tenant.path(&format!("{provider}/group-mappings"));
    let group = json!({"tenant_id": "acme", "name": "Administrators"});
    let group = api.send("POST", "/api/v1/admin/groups/", Some(group)).await.expect(201)["data"].clone();
    let mine = Some(tenant.token.as_str());
    let empty = api.send_as(mine, "GET", &path, None).await.expect(200);
    assert_eq!((&empty["data"], empty.get("pagination")), (&json!([]), None));

    let body = json!({
        "external_group_id": "CN=Admins,DC=corp", "external_group_name": "Admins", "internal_group_id": group["id"],
    });
    let answer = api.send_as(mine, "POST", &path, Some(body.clone())).await;
    let created = answer.expect(201)["data"].clone();
    let id = text(&created["id"]);
    assert!(id.starts_with("igm_"), "{id}");
    let expected = format!(
        concat!(
            r#"{{"data":{{"id":"{id}","idp_id":"{provider}","external_group_id":"CN=Admins,DC=corp","#,
            r#""external_group_name":"Admins","internal_group_id":"{group}","#,
            r#""internal_group_name":"Administrators","created_at":"2027-01-15T08:00:00Z"}},"meta":{{"#,
            r#""request_id":"{request}","timestamp":"2027-01-15T08:00:00Z"}}}}"#,
        ),
        id = id,
        provider = provider,
        group = text(&group["id"]),
        request = answer.header("x-request-id").expect("a request id"),
    );
    assert_eq!(answer.text(), expected);
    assert_eq!(api.send_as(mine, "GET", &path, None).await.expect(200)["data"], json!([created]));
    let twice = api.send_as(mine, "POST", &path, Some(body)).await;
    assert_eq!(detail(&twice, 409), format!("This group mapping already exists: {id}"));

    let one = format!("{path}/{id}");
    let gone = api.send_as(mine, "DELETE", &one, None).await;
    assert_eq!((gone.status, gone.text()), (204, ""));
    assert_eq!(detail(&api.send_as(mine, "DELETE", &one, None).await, 404), "Group mapping not found");
    let odd = api.send_as(mine, "DELETE", &format!("{path}/odd"), None).await;
    assert_eq!(detail(&odd, 404), "Group mapping not found");
}

#[tokio::test]
async fn a_group_that_nobody_knows_has_no_name() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let provider = api.provider_of(&tenant, "okta").await;
    let path = tenant.path(&format!("{provider}/group-mappings"));
    let body = json!({"external_group_id": "admins", "internal_group_id": "grp_1"});
    let data = api.send("POST", &path, Some(body)).await.expect(201)["data"].clone();
    assert_eq!((&data["internal_group_id"], &data["internal_group_name"]), (&json!("grp_1"), &json!(null)));
    assert_eq!(data["external_group_name"], json!(null));
    let reported = api.send("POST", &path, Some(json!({"external_group_id": 5}))).await.expect(422);
    let reported: Vec<_> =
        reported["detail"].as_array().expect("a list").iter().map(|entry| entry["loc"][1].clone()).collect();
    assert_eq!(reported, ["external_group_id", "internal_group_id"]);
    let blank = json!({"external_group_id": " ", "internal_group_id": "g"});
    assert_eq!(api.send("POST", &path, Some(blank)).await.expect(422)["detail"][0]["type"], "value_error");
}

#[tokio::test]
async fn another_tenant_sees_nothing_of_them() {
    let api = Api::start().await;
    let (a, b) = (api.tenant("A", None).await, api.tenant("B", None).await);
    let provider = api.provider_of(&a, "okta").await;
    let rest = format!("{provider}/group-mappings");
    let body = json!({"external_group_id": "admins", "internal_group_id": "g"});
    let created = api.send("POST", &a.path(&rest), Some(body.clone())).await.expect(201)["data"].clone();
    let one = format!("{rest}/{}", text(&created["id"]));
    for (method, rest, body) in [("GET", &rest, None), ("POST", &rest, Some(body)), ("DELETE", &one, None)] {
        // In the own tenant there is no such provider, and the other tenant does not exist.
        let own = api.send_as(Some(&b.token), method, &b.path(rest), body.clone()).await;
        assert_eq!(detail(&own, 404), "Identity provider not found", "{method}");
        let other = api.send_as(Some(&b.token), method, &a.path(rest), body).await;
        assert_eq!(detail(&other, 404), "Tenant not found", "{method}");
    }
}
