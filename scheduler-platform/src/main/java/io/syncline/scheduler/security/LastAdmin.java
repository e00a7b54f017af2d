package io.syncline.scheduler.security;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Somebody must be left who may do everything: a person who can sign in, or a client with scope admin. */
@Component
class LastAdmin {

    private static final String LOCK = "select lock_id from first_client_lock where lock_id = 1 for update";

    private final JdbcClient jdbc;
    private final JdbcUsers users;
    private final JdbcClients clients;

    LastAdmin(JdbcClient jdbc, JdbcUsers users, JdbcClients clients) {
        this.jdbc = jdbc;
        this.users = users;
        this.clients = clients;
    }

    /** Makes removals of administrators wait for each other; before anything is removed or read. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock() {
        jdbc.sql(LOCK).query(Integer.class).single();
    }

    /** Refuses (409), after the change was made, what has left nobody. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void requireOne() {
        if (users.admins().isEmpty() && !clients.anyAdmin()) {
            throw ProblemException.of(409, "last-admin", "Last administrator")
                    .detail("Nobody would be left who may do everything; make another administrator first.");
        }
    }

    /** The same after a change of this one, who counted before only as somebody who could sign in as an administrator. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void requireOneWithout(User before) {
        if (before.isAdmin() && before.canSignIn()) {
            requireOne();
        }
    }
}
