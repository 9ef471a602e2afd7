-- The markup that is set on a product, a brand or a category: on one of them each. Two engines, one schema: keep this file
-- and its twin for SQLite in step.
create table markups (
    id uuid not null primary key,
    product_id uuid references products (id),
    category_id uuid references categories (id),
    brand_folded text collate "C",
    brand text,
    markup_bp bigint not null check (markup_bp >= 0),
    actor text not null,
    actor_name text not null,
    set_at bigint not null
);
create unique index markups_once on markups (coalesce(product_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(category_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(brand_folded, ''));
create index markups_by_product on markups (product_id) where product_id is not null;
create index markups_by_brand on markups (brand_folded) where brand_folded is not null;
