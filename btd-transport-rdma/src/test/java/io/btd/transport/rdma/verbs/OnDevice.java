// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// Tests that need an RDMA device: soft-RoCE in the rig, or any other whose name and address the environment tells.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfEnvironmentVariable(
        named = "RIG_DEVICE",
        matches = ".+",
        disabledReason =
                "no RDMA device is named by RIG_DEVICE (and its address by RIG_ADDRESS); ./btd rig test has one")
@interface OnDevice {}
