// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.transport.Endpoint;
import io.btd.api.transport.TransportProvider;
import io.btd.membership.Member;
import java.util.List;

/// By which ways a node can be reached. A pure function.
final class Endpoints {
    /// The transport's name that leaves the choice to the client.
    static final String AUTO = "auto";

    private Endpoints() {}

    /// The endpoints of a node that may be tried one after the other. On the same host those of one transport:
    /// the one with the highest rank that both ends have. Between hosts those of every transport that both
    /// ends have, the highest rank first: where RDMA fails, or is lost, the next attempt goes by TCP.
    ///
    /// @param wanted a transport's name, or [#AUTO]
    /// @param providers the transports there are, the highest rank first
    static List<Endpoint> of(Member member, String host, String wanted, List<TransportProvider> providers) {
        if (!wanted.equals(AUTO)) {
            return of(member, wanted);
        }
        if (!member.host().equals(host)) {
            return providers.stream()
                    .filter(TransportProvider::leavesMachine)
                    .flatMap(provider -> of(member, provider.name()).stream())
                    .toList();
        }
        return providers.stream()
                .map(provider -> of(member, provider.name()))
                .filter(endpoints -> !endpoints.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<Endpoint> of(Member member, String transport) {
        return member.endpoints().stream()
                .filter(endpoint -> endpoint.transport().equals(transport))
                .toList();
    }
}
