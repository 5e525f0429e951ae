namespace IlgpuXai.Tests.RandomKernels;

/// <summary>What random kernels have to contain, by <see cref="Node.Kind"/>: a change of the generator must not lose any of it.</summary>
static class Constructs
{
    public static readonly string[] All =
    [
        "add", "and", "assign", "assigned-on-two-ways", "assignment-value", "atomic-add", "atomic-and", "atomic-max", "atomic-min", "atomic-or",
        "atomic-xor", "barrier", "barrier-in-helper", "barrier-in-if", "barrier-in-loop", "barrier-in-while-true", "bit-count", "bits-to-float",
        "bitwise", "bool-bitwise", "bool-to-number", "bool-to-unsigned", "bool-variable", "break", "break-of-switch", "byte-to-float", "byte-to-long",
        "byte-variable", "call", "call-converted", "call-in", "call-local-function", "call-out", "call-ref", "call-statement", "call-view", "compare",
        "compare-float", "compare-plain", "compare-unsigned", "complement", "compound", "compound-element", "compound-element-shift",
        "compound-element-step", "compound-shift", "compound-step", "conditional", "constructor", "continue", "continue-in-switch", "copy-sign",
        "count", "count-add", "count-add-element", "count-element", "counter", "default-struct", "discard", "divide", "divide-up", "do-while",
        "early-out", "element-mutating-call", "element-step-value", "flag-exit", "float-abs", "float-add", "float-bits", "float-clamp",
        "float-divide", "float-min-max", "float-multiply", "float-negate", "float-subtract", "float-to-int", "float-to-long", "float-to-uint",
        "float-to-ulong", "float-variable", "for-constant", "for-down", "for-step", "for-variable", "generic-arithmetic", "global-element",
        "goto-back", "goto-case", "goto-out", "group", "helper", "helper-generic", "high-product", "if", "if-chain", "if-else", "if-nested",
        "int-abs", "int-clamp", "int-in-long", "int-min-max", "int-to-byte", "int-to-float", "int-to-long", "int-to-short", "int-to-uint",
        "int-to-ulong", "int-variable", "is-nan", "jump-after", "jump-if", "kernel-1d", "kernel-2d", "kernel-auto", "kernel-with-barriers", "load",
        "local-element", "local-function", "local-memory", "local-structs", "long-to-float", "long-to-int", "long-to-uint", "long-to-ulong",
        "long-variable", "mask", "multiply", "multiply-add", "negate", "not", "operator", "or", "out-global-element", "out-local-element",
        "out-parameter-element", "out-shared-element", "out-sub-view-element", "out-variable", "parameter-element", "pass-global-sub-view",
        "pass-local-view", "pass-parameter-view", "pass-shared-sub-view", "pass-shared-view", "pass-struct", "pass-struct-element",
        "pass-sub-view-view", "pattern", "property-get", "property-set", "readonly-static", "ref-conditional", "ref-global-element", "ref-local",
        "ref-local-element", "ref-parameter-element", "ref-shared-element", "ref-sub-view-element", "ref-variable", "remainder", "return",
        "return-in-loop", "return-in-switch", "return-value", "rounding", "sbyte-to-uint", "sbyte-variable", "scope", "shared-element",
        "shared-memory", "shift-left", "shift-right", "shift-right-unsigned", "short-to-float", "short-to-uint", "short-variable", "square-root",
        "static-abstract", "step-value", "store", "struct", "struct-assign", "struct-call", "struct-call-statement", "struct-conditional",
        "struct-copy", "struct-load", "struct-mutating-call", "struct-store", "struct-variable", "sub-view", "sub-view-element", "subtract", "swap",
        "switch-dense", "switch-dense-offset", "switch-expression", "switch-expression-dense", "switch-expression-when", "switch-long",
        "switch-small", "switch-sparse", "to-byte", "to-sbyte", "to-short", "to-ushort", "uint-to-float", "uint-to-int", "uint-to-long",
        "uint-to-ulong", "uint-variable", "ulong-to-int", "ulong-to-long", "ulong-to-uint", "ulong-variable", "unsigned-bitwise", "unsigned-divide",
        "unsigned-remainder", "unsigned-shift", "ushort-to-ulong", "ushort-variable", "while", "while-true", "wide-product", "with", "wrapping-add",
        "wrapping-multiply", "wrapping-signed", "wrapping-subtract",
    ];
}
