//! Every statement about suppliers, their words and what people taught.

/// The columns of a supplier, without what lies sealed.
macro_rules! columns {
    () => {
        "id, code, name, legal_name, vat_condition, active, visit_days, delivery_days, cut_off_minutes, lead_days,
            minimum_order, payment_days, discount_bp, notes, is_default, paper_kind, price_per, price_includes_vat, pack_rule,
            pack_column, negative_quantities, price_places, paper_vat_bp, score_profile, vat_perception_bp, gross_income_perception_bp,
            created_at, updated_at, version"
    };
}

gondola_store::sql! {
    /// One supplier by id.
    FIND_SUPPLIER = ("select ", columns!(), " from suppliers where id = $1");
    /// One supplier by code.
    FIND_SUPPLIER_BY_CODE = ("select ", columns!(), " from suppliers where code = $1");
    /// The supplier with a CUIT, by its digest.
    FIND_BY_TAX_ID = "select code from suppliers where tax_id_index = $1";
    /// Every supplier that the shop buys from, by code.
    ACTIVE_SUPPLIERS = ("select ", columns!(), " from suppliers where active order by code");
    /// A page of suppliers by code.
    LIST_SUPPLIERS = ("select ", columns!(), " from suppliers
        where (tax_id_index = $3 or $3 is null) and (active = $4 or $4 is null) and code > $1 order by code limit $2");
    /// What tells suppliers as they are from suppliers as they were.
    SUPPLIERS_MARK = "select count(*) as suppliers, coalesce(cast(sum(version) as bigint), 0) as versions,
        coalesce(max(updated_at), 0) as changed_at from suppliers";
    /// How many suppliers there are.
    COUNT_SUPPLIERS = "select count(*) from suppliers";
    /// The words of suppliers in their order.
    FIND_WORDS = sqlite "select supplier_id, kind, text from supplier_words
        where supplier_id in (select unhex(value, '-') from json_each($1)) order by supplier_id, kind, position"
        postgres "select supplier_id, kind, text from supplier_words
        where supplier_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        order by supplier_id, kind, position";
    /// A supplier of which code and name are known; changes no row when the code is taken.
    ADD_SUPPLIER = "insert into suppliers (id, code, name, active, created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $5, 1) on conflict (code) do nothing";
    /// What a supplier is from now on, whose version is still as it was read; it becomes the next one.
    SET_SUPPLIER = "update suppliers set name = $3, legal_name = $4, vat_condition = $5, active = $6, visit_days = $7,
            delivery_days = $8, cut_off_minutes = $9, lead_days = $10, minimum_order = $11, payment_days = $12,
            discount_bp = $13, notes = $14, is_default = $15, paper_kind = $16, price_per = $17, price_includes_vat = $18,
            pack_rule = $19, pack_column = $20, negative_quantities = $21, price_places = $22, vat_perception_bp = $23,
            gross_income_perception_bp = $24, paper_vat_bp = $27, score_profile = $28, updated_at = $25, version = $26
        where id = $1 and version = $2";
    /// Takes the mark of the default supplier from whoever has it.
    CLEAR_DEFAULT = "update suppliers set is_default = $2, version = version + 1, updated_at = $3
        where is_default and id <> $1";
    /// Removes a supplier's words.
    DELETE_WORDS = "delete from supplier_words where supplier_id = $1";
    /// Adds a supplier's words.
    INSERT_WORDS = sqlite "insert into supplier_words (supplier_id, kind, folded, text, position)
        select $1, r.value ->> 'kind', r.value ->> 'folded', r.value ->> 'text', r.value ->> 'position' from json_each($2) as r"
        postgres "insert into supplier_words (supplier_id, kind, folded, text, position)
        select $1, r.kind, r.folded, r.text, r.position
        from json_to_recordset($2::json) as r (kind text, folded text, text text, position bigint)";
    /// What lies sealed about a supplier.
    FIND_CONTACT = "select tax_id, contact_name, email, phone, address from suppliers where id = $1";
    /// Writes what lies sealed about a supplier.
    SET_CONTACT = "update suppliers set tax_id = $2, contact_name = $3, email = $4, phone = $5, address = $6 where id = $1";
    /// Writes the digest that a supplier's CUIT is found by.
    SET_TAX_ID_INDEX = "update suppliers set tax_id_index = $2 where id = $1";
    /// What people taught, by its folded text: the supplier it means.
    FIND_LESSON = "select s.code from supplier_lessons as l join suppliers as s on s.id = l.supplier_id
        where l.folded = $1 and s.active";
    /// What people taught, by text.
    LIST_LESSONS = "select l.id, l.text, l.folded, s.code as supplier, l.taught_by, l.taught_at
        from supplier_lessons as l join suppliers as s on s.id = l.supplier_id
        where l.folded > $1 order by l.folded limit $2";
    /// How many things people taught.
    COUNT_LESSONS = "select count(*) from supplier_lessons";
    /// Teaches a text, in the place of what was taught of it before.
    TEACH = "insert into supplier_lessons (id, folded, text, supplier_id, taught_by, taught_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (folded) do update set text = excluded.text, supplier_id = excluded.supplier_id,
            taught_by = excluded.taught_by, taught_at = excluded.taught_at";
    /// One thing that people taught.
    FIND_TAUGHT = "select l.id, l.text, l.folded, s.code as supplier, l.taught_by, l.taught_at
        from supplier_lessons as l join suppliers as s on s.id = l.supplier_id where l.folded = $1";
    /// One thing that people taught, by id.
    FIND_TAUGHT_BY_ID = "select l.id, l.text, l.folded, s.code as supplier, l.taught_by, l.taught_at
        from supplier_lessons as l join suppliers as s on s.id = l.supplier_id where l.id = $1";
    /// Forgets a lesson.
    FORGET = "delete from supplier_lessons where id = $1";
    /// The main supplier of the active product whose name, or one of whose aliases, is exactly this.
    FIND_REMEMBERED = "select s.code from products as p
            join product_suppliers as ps on ps.product_id = p.id and ps.main
            join suppliers as s on s.id = ps.supplier_id
        where p.active and s.active and (p.name_folded = $1
            or p.id in (select product_id from aliases where folded = $1))
        order by case when p.name_folded = $1 then 0 else 1 end, p.name_folded, p.id limit 1";
}
