// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import io.btd.api.BtdException;

/// Where a node listens, written `transport:address`: `tcp:127.0.0.1:7101`, `tcp:[::1]:7101`,
/// `uds:/run/btd/node-1.sock`.
///
/// @param transport name of the transport
/// @param address as that transport writes it
public record Endpoint(String transport, String address) {

    /// Reads what [#toString] wrote.
    ///
    /// @throws BtdException.InvalidConfig for anything else
    public static Endpoint parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw new BtdException.InvalidConfig(
                    "not an endpoint: text=" + text, "write transport:address, as tcp:127.0.0.1:7101");
        }
        return new Endpoint(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return transport + ":" + address;
    }
}
