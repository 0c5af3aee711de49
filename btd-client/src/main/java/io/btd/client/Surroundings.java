// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.RemoteConfig;
import io.btd.membership.Membership;
import java.util.random.RandomGenerator;

/// What all sessions of one client share.
///
/// @param config as the user gave it
/// @param membership who is in the cluster
/// @param transports by which nodes are reached
/// @param time the clock and its alarms
/// @param random for choices and jitter; safe for use by many threads
/// @param identity of this client
/// @param host this machine
record Surroundings(
        RemoteConfig config,
        Membership membership,
        Transports transports,
        Time time,
        RandomGenerator random,
        Identity identity,
        String host) {}
