alter table categories drop column rounding_bands;
