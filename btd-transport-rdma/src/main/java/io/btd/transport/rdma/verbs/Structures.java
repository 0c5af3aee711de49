// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The C structures of rdma-core on x86-64 (LP64), as `docs/spec/rdma.md` lists them; the fields that are not used are
/// padding. Pointers are numbers of 8 bytes: what they point to is kept alive by its [Resource], not by them.
final class Structures {
    private static final ValueLayout.OfInt BE_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BE_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    static final StructLayout CONTEXT = struct(
            "ibv_context",
            328,
            pointer(0, "device"),
            pointer(96, "ops.poll_cq"),
            pointer(104, "ops.req_notify_cq"),
            pointer(208, "ops.post_send"),
            pointer(216, "ops.post_recv"),
            number(264, "cmd_fd"),
            number(268, "async_fd"),
            number(272, "num_comp_vectors"),
            pointer(320, "abi_compat"));

    static final StructLayout DEVICE_ATTR = struct(
            "ibv_device_attr",
            232,
            field(80, JAVA_LONG, "max_mr_size"),
            number(96, "vendor_id"),
            number(108, "max_qp"),
            number(112, "max_qp_wr"),
            number(116, "device_cap_flags"),
            number(120, "max_sge"),
            number(128, "max_cq"),
            number(132, "max_cqe"),
            number(136, "max_mr"),
            number(144, "max_qp_rd_atom"),
            number(156, "max_qp_init_rd_atom"),
            number(164, "atomic_cap"),
            number(176, "max_mw"),
            field(227, JAVA_BYTE, "phys_port_cnt"));

    static final StructLayout PORT_ATTR = struct(
            "ibv_port_attr",
            52,
            number(0, "state"),
            number(4, "max_mtu"),
            number(8, "active_mtu"),
            number(12, "gid_tbl_len"),
            number(20, "max_msg_sz"),
            field(34, JAVA_SHORT, "lid"),
            field(46, JAVA_BYTE, "link_layer"));

    static final StructLayout PD = struct("ibv_pd", 16, pointer(0, "context"));

    static final StructLayout MR = struct(
            "ibv_mr",
            48,
            pointer(0, "context"),
            pointer(8, "pd"),
            pointer(16, "addr"),
            field(24, JAVA_LONG, "length"),
            number(36, "lkey"),
            number(40, "rkey"));

    static final StructLayout COMP_CHANNEL = struct("ibv_comp_channel", 16, pointer(0, "context"), number(8, "fd"));

    static final StructLayout CQ = struct(
            "ibv_cq", 128, pointer(0, "context"), pointer(8, "channel"), pointer(16, "cq_context"), number(28, "cqe"));

    static final StructLayout QP = struct(
            "ibv_qp",
            160,
            pointer(0, "context"),
            pointer(8, "qp_context"),
            pointer(16, "pd"),
            pointer(24, "send_cq"),
            pointer(32, "recv_cq"),
            number(52, "qp_num"),
            number(60, "qp_type"));

    static final StructLayout QP_INIT_ATTR = struct(
            "ibv_qp_init_attr",
            64,
            pointer(0, "qp_context"),
            pointer(8, "send_cq"),
            pointer(16, "recv_cq"),
            pointer(24, "srq"),
            number(32, "max_send_wr"),
            number(36, "max_recv_wr"),
            number(40, "max_send_sge"),
            number(44, "max_recv_sge"),
            number(48, "max_inline_data"),
            number(52, "qp_type"),
            number(56, "sq_sig_all"));

    static final StructLayout SGE = struct("ibv_sge", 16, pointer(0, "addr"), number(8, "length"), number(12, "lkey"));

    static final StructLayout SEND_WR = struct(
            "ibv_send_wr (rdma)",
            128,
            field(0, JAVA_LONG, "wr_id"),
            pointer(8, "next"),
            pointer(16, "sg_list"),
            number(24, "num_sge"),
            number(28, "opcode"),
            number(32, "send_flags"),
            field(36, BE_INT, "imm_data"),
            pointer(40, "remote_addr"),
            number(48, "rkey"));

    /// The same structure as [#SEND_WR]: the other part of its union.
    static final StructLayout ATOMIC_WR = struct(
            "ibv_send_wr (atomic)",
            128,
            pointer(40, "remote_addr"),
            field(48, JAVA_LONG, "compare_add"),
            field(56, JAVA_LONG, "swap"),
            number(64, "rkey"));

    static final StructLayout RECV_WR = struct(
            "ibv_recv_wr",
            32,
            field(0, JAVA_LONG, "wr_id"),
            pointer(8, "next"),
            pointer(16, "sg_list"),
            number(24, "num_sge"));

    static final StructLayout WC = struct(
            "ibv_wc",
            48,
            field(0, JAVA_LONG, "wr_id"),
            number(8, "status"),
            number(12, "opcode"),
            number(16, "vendor_err"),
            number(20, "byte_len"),
            field(24, BE_INT, "imm_data"),
            number(28, "qp_num"),
            number(32, "src_qp"),
            number(36, "wc_flags"));

    static final StructLayout EVENT_CHANNEL = struct("rdma_event_channel", 4, number(0, "fd"));

    static final StructLayout CM_ID = struct(
            "rdma_cm_id",
            416,
            pointer(0, "verbs"),
            pointer(8, "channel"),
            pointer(16, "context"),
            pointer(24, "qp"),
            field(32, JAVA_SHORT, "src_addr"),
            field(160, JAVA_SHORT, "dst_addr"),
            number(344, "ps"),
            field(348, JAVA_BYTE, "port_num"));

    static final StructLayout CONN_PARAM = struct(
            "rdma_conn_param",
            24,
            pointer(0, "private_data"),
            field(8, JAVA_BYTE, "private_data_len"),
            field(9, JAVA_BYTE, "responder_resources"),
            field(10, JAVA_BYTE, "initiator_depth"),
            field(11, JAVA_BYTE, "flow_control"),
            field(12, JAVA_BYTE, "retry_count"),
            field(13, JAVA_BYTE, "rnr_retry_count"),
            field(14, JAVA_BYTE, "srq"),
            number(16, "qp_num"));

    static final StructLayout CM_EVENT = struct(
            "rdma_cm_event",
            80,
            pointer(0, "id"),
            pointer(8, "listen_id"),
            number(16, "event"),
            number(20, "status"),
            pointer(24, "private_data"),
            field(32, JAVA_BYTE, "private_data_len"),
            field(33, JAVA_BYTE, "responder_resources"),
            field(34, JAVA_BYTE, "initiator_depth"));

    static final StructLayout SOCKADDR_IN = struct(
            "sockaddr_in",
            16,
            field(0, JAVA_SHORT, "sin_family"),
            field(2, BE_SHORT, "sin_port"),
            field(4, BE_INT, "sin_addr"));

    static final StructLayout SOCKADDR_IN6 = struct(
            "sockaddr_in6",
            28,
            field(0, JAVA_SHORT, "sin6_family"),
            field(2, BE_SHORT, "sin6_port"),
            field(4, BE_INT, "sin6_flowinfo"),
            field(8, MemoryLayout.sequenceLayout(16, JAVA_BYTE), "sin6_addr"),
            number(24, "sin6_scope_id"));

    static final StructLayout POLLFD =
            struct("pollfd", 8, number(0, "fd"), field(4, JAVA_SHORT, "events"), field(6, JAVA_SHORT, "revents"));

    private record Field(long offset, MemoryLayout layout) {}

    private Structures() {}

    /// All of them, in the order of the specification.
    static List<StructLayout> all() {
        return List.of(
                CONTEXT,
                DEVICE_ATTR,
                PORT_ATTR,
                PD,
                MR,
                COMP_CHANNEL,
                CQ,
                QP,
                QP_INIT_ATTR,
                SGE,
                SEND_WR,
                ATOMIC_WR,
                RECV_WR,
                WC,
                EVENT_CHANNEL,
                CM_ID,
                CONN_PARAM,
                CM_EVENT,
                SOCKADDR_IN,
                SOCKADDR_IN6,
                POLLFD);
    }

    /// Reads and writes a field of the structure that begins at an offset of a segment.
    static VarHandle handle(StructLayout structure, String field) {
        return structure.varHandle(MemoryLayout.PathElement.groupElement(field));
    }

    private static Field pointer(long offset, String name) {
        return field(offset, JAVA_LONG, name);
    }

    private static Field number(long offset, String name) {
        return field(offset, JAVA_INT, name);
    }

    private static Field field(long offset, MemoryLayout layout, String name) {
        return new Field(offset, layout.withName(name));
    }

    private static StructLayout struct(String name, long size, Field... fields) {
        List<MemoryLayout> members = new ArrayList<>();
        long end = 0;
        for (Field field : fields) {
            end = pad(members, end, field.offset());
            members.add(field.layout());
            end += field.layout().byteSize();
        }
        pad(members, end, size);
        return MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new)).withName(name);
    }

    private static long pad(List<MemoryLayout> members, long from, long to) {
        if (to > from) {
            members.add(MemoryLayout.paddingLayout(to - from));
        }
        return to;
    }
}
