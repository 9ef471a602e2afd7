drop table markups;
