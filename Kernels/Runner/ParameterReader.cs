using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace IlgpuXai.Kernels;

/// <summary>Reads the argument of one parameter from its address.</summary>
abstract unsafe class ParameterReader
{
    /// <summary>The parameter is a <see cref="SpecializedValue{T}"/>.</summary>
    public abstract bool IsSpecialised { get; }

    /// <summary>The value's bytes in hexadecimal.</summary>
    public abstract string Bytes(void* argument);

    public abstract object Box(void* argument);

    public static ParameterReader For(Type type) => (ParameterReader)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!;

    sealed class Of<T> : ParameterReader where T : unmanaged
    {
        public override bool IsSpecialised => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(SpecializedValue<>);
        public override string Bytes(void* argument) => Convert.ToHexString(new ReadOnlySpan<byte>(argument, Unsafe.SizeOf<T>()));
        public override object Box(void* argument) => *(T*)argument;
    }
}
