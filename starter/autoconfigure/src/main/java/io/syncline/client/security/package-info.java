/**
 * Who may call this service: the platform on the sync paths, holders of access tokens on declared routes, nobody else.
 * It does not fetch tokens of its own.
 */
@NullMarked
package io.syncline.client.security;

import org.jspecify.annotations.NullMarked;
