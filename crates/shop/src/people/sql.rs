//! Every statement about users, sessions, set-up tokens and API keys. None reads a password hash or a
//! secret's digest except those that open a door and the one that asks how passwords are hashed.

gondola_store::sql! {
    /// Users by user name.
    LIST_USERS = "select u.id, u.username, u.name, u.role, l.code as location, u.active, u.locked_until, u.created_at,
            u.version, u.totp_secret is not null as second_factor
        from users u left join locations l on l.id = u.location_id
        where (cast($1 as text) is null or u.username > $1) and (u.email_index = $3 or $3 is null)
        order by u.username limit $2";
    /// One user.
    FIND_USER = "select u.id, u.username, u.name, u.role, l.code as location, u.active, u.locked_until, u.created_at,
            u.version, u.totp_secret is not null as second_factor
        from users u left join locations l on l.id = u.location_id where u.id = $1";
    /// One user by user name.
    FIND_USER_BY_NAME = "select u.id, u.username, u.name, u.role, l.code as location, u.active, u.locked_until,
            u.created_at, u.version, u.totp_secret is not null as second_factor
        from users u left join locations l on l.id = u.location_id where u.username = $1";
    /// What a log-in is checked against.
    FIND_LOG_IN = "select id, name, role, password_hash, totp_secret, totp_step, active, locked_until from users where username = $1";
    /// The same, held until the session is opened: no change of password or second factor comes in between.
    LOCK_LOG_IN = sqlite "select id, name, role, password_hash, totp_secret, totp_step, active, locked_until from users where username = $1"
        postgres "select id, name, role, password_hash, totp_secret, totp_step, active, locked_until from users where username = $1 for update";
    /// What a change of password is checked against.
    FIND_PASSWORD = "select id, name, role, password_hash, totp_secret, totp_step, active, locked_until from users where id = $1";
    /// How everybody's password is hashed, by user name.
    LIST_PASSWORD_HASHES = "select username, password_hash from users order by username";
    /// How many users there are, in use or not.
    COUNT_USERS = "select count(*) from users";
    /// How a user is reached, sealed.
    FIND_CONTACT = "select email, phone from users where id = $1";
    /// Writes down how a user is reached, who is still as the caller read it.
    SET_CONTACT = "update users set email = $3, email_index = $4, phone = $5, updated_at = $6, version = version + 1
        where id = $1 and version = $2";
    /// Makes a user; changes no row when the user name is taken.
    CREATE_USER = "insert into users (id, username, name, role, location_id, password_hash, active, failures,
            created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $6, true, 0, $7, $7, 1) on conflict do nothing";
    /// Changes a user that is still as the caller read it.
    CHANGE_USER = "update users set name = $3, role = $4, location_id = $5, active = $6, updated_at = $7,
            version = version + 1
        where id = $1 and version = $2";
    /// Sets a password and forgives failed log-ins.
    SET_PASSWORD = "update users set password_hash = $2, failures = 0, locked_until = null, updated_at = $3
        where id = $1";
    /// Replaces a hash by one with today's parameters, unless the password was changed meanwhile.
    REHASH_PASSWORD = "update users set password_hash = $3 where id = $1 and password_hash = $2";
    /// Administrators in use, locked in order, so that two changes at once cannot leave none.
    LOCK_ADMINS = sqlite "select id from users where role = 'admin' and active order by id"
        postgres "select id from users where role = 'admin' and active order by id for update";
    /// Counts a failed log-in; the last one that is allowed locks the account for a while.
    COUNT_FAILURE = "update users set
            locked_until = case when failures + 1 >= $2 then $3 else locked_until end,
            failures = case when failures + 1 >= $2 then 0 else failures + 1 end
        where username = $1 and (locked_until is null or locked_until <= $4)";
    /// Forgives failed log-ins after a good one.
    FORGIVE_FAILURES = "update users set failures = 0, locked_until = null
        where id = $1 and (failures > 0 or locked_until is not null)";
    /// What a person's second factor is set up from.
    FIND_FACTOR = "select id, username, totp_secret, totp_pending, totp_step,
            (select count(*) from recovery_codes r where r.user_id = u.id and r.used_at is null) as codes
        from users u where id = $1";
    /// Keeps the secret that an authenticator is to learn, while there is none in use.
    BEGIN_FACTOR = "update users set totp_pending = $2, updated_at = $3 where id = $1 and totp_secret is null";
    /// Puts the secret that was begun with in use.
    CONFIRM_FACTOR = "update users set totp_secret = totp_pending, totp_pending = null, totp_step = $3, updated_at = $4
        where id = $1 and totp_pending = $2 and totp_secret is null";
    /// Forgets a user's second factor.
    END_FACTOR = "update users set totp_secret = null, totp_pending = null, updated_at = $2 where id = $1";
    /// Spends an authenticator's step, and with it all before.
    USE_STEP = "update users set totp_step = $2 where id = $1 and totp_secret is not null and totp_step < $2";
    /// Spends a written-down code.
    USE_RECOVERY_CODE = "update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null";
    /// Forgets a user's written-down codes.
    DELETE_RECOVERY_CODES = "delete from recovery_codes where user_id = $1";
    /// Keeps written-down codes.
    CREATE_RECOVERY_CODES = sqlite "insert into recovery_codes (user_id, code_hash, used_at)
            select $1, unhex(j.value), null from json_each($2) j"
        postgres "insert into recovery_codes (user_id, code_hash, used_at)
            select $1, decode(j, 'hex'), null from json_array_elements_text($2::json) j";
    /// A location that stock can be kept in, by its code.
    FIND_LOCATION = "select id from locations where code = $1 and kind in ('stock', 'quarantine') and active";
    /// The code of a location.
    FIND_LOCATION_CODE = "select code from locations where id = $1";
    /// The locations a user or key can be narrowed to.
    LIST_LOCATIONS = "select code, name from locations where kind in ('stock', 'quarantine') and active
        order by position, code";

    /// Opens a session.
    CREATE_SESSION = "insert into sessions (id_hash, id, user_id, created_at, seen_at, expires_at, client_ip, agent)
        values ($1, $2, $3, $4, $4, $5, $6, $7)";
    /// Who a session belongs to, while it lasts and its user is in use.
    FIND_SESSION = "select s.id as session_id, s.seen_at, u.id, u.name, u.role, u.location_id, u.totp_secret is not null as second_factor
        from sessions s join users u on u.id = s.user_id
        where s.id_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and u.active";
    /// Notes that a session is in use, at most once in a while.
    TOUCH_SESSION = "update sessions set seen_at = $2 where id = $1 and seen_at < $3";
    /// The sessions of a user that still last, the newest first.
    LIST_SESSIONS = "select id, id_hash, created_at, seen_at, expires_at, client_ip, agent from sessions
        where user_id = $1 and expires_at > $2 and seen_at > $3 order by created_at desc, id desc limit $4";
    /// Gives a session another id.
    ROTATE_SESSION = "update sessions set id_hash = $3 where id_hash = $1 and user_id = $2";
    /// Ends the session a browser holds.
    END_SESSION = "delete from sessions where id_hash = $1";
    /// Ends one session of a user.
    END_SESSION_OF = "delete from sessions where id = $1 and user_id = $2";
    /// Ends the sessions of a user, except the one of that digest (none has an empty one).
    END_SESSIONS_OF = "delete from sessions where user_id = $1 and id_hash <> $2";
    /// Forgets sessions that ended by themselves.
    FORGET_SESSIONS = "delete from sessions where expires_at <= $1 or seen_at <= $2";
    /// Ends a user's oldest sessions beyond the most one may have.
    TRIM_SESSIONS = "delete from sessions where user_id = $1 and id not in
        (select id from sessions where user_id = $1 order by created_at desc, id desc limit $2)";

    /// Forgets set-up tokens that were never used.
    FORGET_TOKENS = "delete from setup_tokens where used_at is null";
    /// Keeps a new set-up token.
    CREATE_TOKEN = "insert into setup_tokens (token_hash, created_at, expires_at, used_at) values ($1, $2, $3, null)";
    /// Whether a set-up token is good.
    FIND_TOKEN = "select expires_at from setup_tokens where token_hash = $1 and used_at is null and expires_at > $2";
    /// Uses a set-up token, once.
    USE_TOKEN = "update setup_tokens set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2";

    /// Makes an API key; changes no row when the name is taken.
    CREATE_KEY = "insert into api_keys (id, name, secret_hash, previous_hash, previous_until, scopes, quota, networks,
            location_id, owner_id, created_at, expires_at, last_used_at, revoked_at)
        values ($1, $2, $3, null, null, $4, $5, $6, $7, $8, $9, $10, null, null) on conflict do nothing";
    /// API keys by name.
    LIST_KEYS = "select k.id, k.name, k.scopes, k.quota, k.networks, l.code as location, u.username as owner,
            k.created_at, k.expires_at, k.previous_until, k.last_used_at, k.revoked_at
        from api_keys k left join locations l on l.id = k.location_id left join users u on u.id = k.owner_id
        where cast($1 as text) is null or k.name > $1
        order by k.name limit $2";
    /// One API key.
    FIND_KEY = "select k.id, k.name, k.scopes, k.quota, k.networks, l.code as location, u.username as owner,
            k.created_at, k.expires_at, k.previous_until, k.last_used_at, k.revoked_at
        from api_keys k left join locations l on l.id = k.location_id left join users u on u.id = k.owner_id
        where k.id = $1";
    /// One API key by name.
    FIND_KEY_BY_NAME = "select k.id, k.name, k.scopes, k.quota, k.networks, l.code as location, u.username as owner,
            k.created_at, k.expires_at, k.previous_until, k.last_used_at, k.revoked_at
        from api_keys k left join locations l on l.id = k.location_id left join users u on u.id = k.owner_id
        where k.name = $1";
    /// Who holds a secret, or the one before it, and why it opens nothing any more: it was revoked, it or the key has
    /// ended, or its owner is not in use.
    FIND_KEY_BY_SECRET = "select k.id, k.name, k.scopes, k.location_id, k.quota, k.networks, k.last_used_at,
            case when k.revoked_at is not null then 'key_revoked'
                when k.expires_at <= $2 or (k.secret_hash <> $1 and k.previous_until <= $2) then 'key_expired'
                when not u.active then 'key_owner_disabled' end as ended
        from api_keys k left join users u on u.id = k.owner_id
        where k.secret_hash = $1 or k.previous_hash = $1";
    /// The person behind a key.
    FIND_KEY_OWNER = "select owner_id from api_keys where id = $1";
    /// Notes that a key is in use, at most once in a while.
    TOUCH_KEY = "update api_keys set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $3)";
    /// Gives a good key another secret and lifetime; the secret until now is good for as long as said, within its own
    /// lifetime. Not while two are good, unless both are to end at once.
    ROTATE_KEY = "update api_keys set secret_hash = $2, expires_at = $3,
            previous_hash = case when $4 > $5 then secret_hash end,
            previous_until = case when $4 > $5 then (case when expires_at < $4 then expires_at else $4 end) end
        where id = $1 and revoked_at is null and expires_at > $5
            and (previous_until is null or previous_until <= $5 or $4 <= $5)";
    /// What every key may be used for, and until when.
    LIST_KEY_ENDS = "select scopes, expires_at, revoked_at from api_keys";
    /// Revokes a key for good.
    REVOKE_KEY = "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null";
}
