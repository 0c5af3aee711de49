// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

/// The other side of a connection, as a requester knows it. Called with the lock of the stack. One that stands for
/// another process sends the request there and has the bytes of a READ come back.
interface Responder {
    /// Does what is asked for, once.
    Answer answer(Request request);

    /// Remembers whom to wake when an answer may be another one than [Answer#NOT_READY].
    void whenReady(Runnable wake);
}
