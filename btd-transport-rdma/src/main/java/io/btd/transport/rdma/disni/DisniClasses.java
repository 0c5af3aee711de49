// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import com.ibm.disni.util.DiSNILogger;
import io.btd.api.BtdException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/// Two classes of DiSNI that do not work as they are, defined anew in its package before it asks for its own: so no
/// order of a class path matters, and no flag is needed.
///
/// | class | its own | instead |
/// |---|---|---|
/// | `MemoryUtils` | looks into the JDK's own classes | asks [DirectMemory] |
/// | `NativeAffinity` | loads libdisni and ends the thread without it | leaves threads on all processors |
final class DisniClasses {
    private static final ClassDesc MEMORY_UTILS = ClassDesc.of("com.ibm.disni.util.MemoryUtils");
    private static final ClassDesc NATIVE_AFFINITY = ClassDesc.of("com.ibm.disni.util.NativeAffinity");
    private static final ClassDesc DIRECT_MEMORY =
            DirectMemory.class.describeConstable().orElseThrow();
    private static final ClassDesc BUFFER = ByteBuffer.class.describeConstable().orElseThrow();
    private static final int PUBLIC_STATIC = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;

    private static final Set<ClassDesc> defined = new HashSet<>();

    private DisniClasses() {}

    /// From now on DiSNI finds the address of a buffer.
    static void mendMemoryUtils() {
        MethodTypeDesc type = MethodTypeDesc.of(CD_long, BUFFER);
        define(
                MEMORY_UTILS,
                ClassFile.of()
                        .build(
                                MEMORY_UTILS,
                                made -> made.withMethodBody(
                                        "getAddress",
                                        type,
                                        PUBLIC_STATIC,
                                        code -> code.aload(0)
                                                .invokestatic(DIRECT_MEMORY, "address", type)
                                                .lreturn())));
    }

    /// From now on DiSNI's threads start without libdisni.
    static void mendNativeAffinity() {
        define(
                NATIVE_AFFINITY,
                ClassFile.of()
                        .build(
                                NATIVE_AFFINITY,
                                made -> made.withMethodBody(
                                                "setAffinity",
                                                MethodTypeDesc.of(CD_void, CD_long),
                                                PUBLIC_STATIC,
                                                code -> code.return_())
                                        .withMethodBody(
                                                "getAffinity",
                                                MethodTypeDesc.of(CD_long),
                                                PUBLIC_STATIC,
                                                code -> code.lconst_0().lreturn())));
    }

    private static synchronized void define(ClassDesc name, byte[] bytes) {
        if (!defined.add(name)) {
            return;
        }
        try {
            MethodHandles.privateLookupIn(DiSNILogger.class, MethodHandles.lookup())
                    .defineClass(bytes);
        } catch (LinkageError | IllegalAccessException e) {
            defined.remove(name);
            BtdException late = new BtdException.InvalidConfig(
                    "a class of DiSNI cannot be replaced: class=" + name.displayName(),
                    "open the RDMA provider before anything else uses DiSNI");
            late.initCause(e);
            throw late;
        }
    }
}
