drop table assistant_messages;
