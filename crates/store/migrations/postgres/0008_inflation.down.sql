drop table inflation_rates;
