//! The demo's own statements: what it adds that no page or call adds yet.

gondola_store::sql! {
    /// A category of this shop; the ones that every shop has stay as they are.
    ADD_CATEGORY = "insert into categories (id, code, name, parent_id, margin_min_bp, margin_max_bp, vat_bp, cost_alert_bp, rounding_step, expires, position, active, version)
        values ($1, $2, $3, null, $4, $5, $6, 500, 5000, $7, 100 + $8, true, 1) on conflict (code) do nothing";
    /// Whether somebody put products in already.
    COUNT_PRODUCTS = "select count(*) from products where $1 = 0";
}
