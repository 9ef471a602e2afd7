alter table suppliers drop column score_profile;
