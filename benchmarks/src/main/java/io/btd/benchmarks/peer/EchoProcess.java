// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/// The process of the echoes. Its argument is the folder of its sockets; it says on which ports it listens and
/// ends when its standard input does.
public final class EchoProcess {
    static final String PORT = "port=";
    static final String SOCKET = "socket.sock";
    static final String NETTY = "netty.sock";

    private EchoProcess() {}

    /// Runs it.
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        SocketAddress loopback = ChildProcess.loopback(0);
        NettyEchoServer netty = new NettyEchoServer();
        netty.listen(new DomainSocketAddress(folder.resolve(NETTY).toFile()));
        PingPongServer.listen(UnixDomainSocketAddress.of(folder.resolve(SOCKET)));
        InetSocketAddress socketAt = (InetSocketAddress) PingPongServer.listen(loopback);
        InetSocketAddress nettyAt = (InetSocketAddress) netty.listen(loopback);
        System.out.println(PORT + socketAt.getPort());
        System.out.println(PORT + nettyAt.getPort());
        System.out.flush();
        while (System.in.read() >= 0) {
            // nothing is said
        }
        System.exit(0); // the event loop is no daemon
    }
}
