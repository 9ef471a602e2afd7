-- The markup that is set on a product, a brand or a category: on one of them each. Two engines, one schema: keep this file
-- and its twin for PostgreSQL in step.
create table markups (
    id blob not null primary key,
    product_id blob references products (id),
    category_id blob references categories (id),
    brand_folded text,
    brand text,
    markup_bp integer not null check (markup_bp >= 0),
    actor text not null,
    actor_name text not null,
    set_at integer not null
) strict;
create unique index markups_once on markups (coalesce(product_id, x'00'), coalesce(category_id, x'00'), coalesce(brand_folded, ''));
create index markups_by_product on markups (product_id) where product_id is not null;
create index markups_by_brand on markups (brand_folded) where brand_folded is not null;
