// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Connection;
import io.btd.api.transport.FrameHandler;

/// Says, on the I/O thread, who handles a connection that has just come about. Throwing refuses it.
interface Opening {
    FrameHandler open(Connection connection);
}
