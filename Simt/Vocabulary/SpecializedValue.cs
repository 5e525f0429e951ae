namespace ILGPU.Runtime;

/// <summary>A kernel parameter whose value is compiled in where kernels are compiled: one compiled kernel per value.</summary>
public readonly struct SpecializedValue<T>(T value) : IEquatable<SpecializedValue<T>> where T : unmanaged, IEquatable<T>
{
    public T Value { get; } = value;

    public bool Equals(SpecializedValue<T> other) => Value.Equals(other.Value);
    public override bool Equals(object? obj) => obj is SpecializedValue<T> other && Equals(other);
    public override int GetHashCode() => Value.GetHashCode();
    public override string ToString() => $"{Value}";

    public static bool operator ==(SpecializedValue<T> left, SpecializedValue<T> right) => left.Equals(right);
    public static bool operator !=(SpecializedValue<T> left, SpecializedValue<T> right) => !left.Equals(right);
    public static implicit operator T(SpecializedValue<T> specialized) => specialized.Value;
}

/// <summary>Makes specialised values with the type inferred.</summary>
public static class SpecializedValue
{
    public static SpecializedValue<T> New<T>(T value) where T : unmanaged, IEquatable<T> => new(value);
}
