namespace IlgpuXai.Jit;

/// <summary>Typed expressions from IL's operations on untyped bits.</summary>
/// <remarks>
/// IL's stack knows 32 and 64 bits, not signs: an expression has the type of the variables in it, and operators say how they read their
/// operands (<c>div.un</c>, <c>shr.un</c>, <c>conv.u8</c>). Where an operand has the other sign it is cast.
/// </remarks>
static class Arithmetic
{
    public static bool IsFloat(Type t) => t == typeof(float) || t == typeof(double);

    static bool IsWide(Type t) => t == typeof(long) || t == typeof(ulong);

    /// <summary>What C computes with: at least int.</summary>
    public static Type Promote(Type t) =>
        t == typeof(bool) || t == typeof(byte) || t == typeof(sbyte) || t == typeof(short) || t == typeof(ushort) ? typeof(int) : t;

    static Type Common(Type a, Type b)
    {
        (a, b) = (Promote(a), Promote(b));
        foreach (var t in (Type[])[typeof(double), typeof(float), typeof(ulong), typeof(long), typeof(uint)])
            if (a == t || b == t) return t;
        return a;
    }

    static Expr Signed(Expr e) => Promote(e.Type) == typeof(uint) ? Typed(e, typeof(int)) : e.Type == typeof(ulong) ? Typed(e, typeof(long)) : e;
    static Expr Unsigned(Expr e) => Promote(e.Type) == typeof(int) ? Typed(e, typeof(uint)) : e.Type == typeof(long) ? Typed(e, typeof(ulong)) : e;

    /// <summary>The value as a variable, parameter or element of a type holds it.</summary>
    public static Expr Typed(Expr e, Type t)
    {
        t = CTypes.Storage(t);
        if (e.Type == t || !t.IsPrimitive || !e.Type.IsPrimitive) return e;
        if (e is Constant { IsInteger: true } c && !IsFloat(t)) return Converted(c, t);
        if (t == typeof(bool)) return new Comparison("!=", e, CTypes.Zero(Promote(e.Type)), false);
        // The low bits of a sum, product or bit pattern do not depend on signs, but C wraps around only without a sign.
        if (e is Binary { Op: "+" or "-" or "*" or "&" or "|" or "^" } b && (t == typeof(uint) && b.Type == typeof(int) || t == typeof(ulong) && b.Type == typeof(long)))
            return new Binary(b.Op, Typed(b.A, t), Typed(b.B, t), t);
        if (e is Binary { Op: "<<" } s && (t == typeof(uint) && s.Type == typeof(int) || t == typeof(ulong) && s.Type == typeof(long)))
            return new Binary("<<", Typed(s.A, t), s.B, t);
        return new Cast(e, t);
    }

    static Constant Converted(Constant c, Type t)
    {
        long v = c.Value is ulong u ? unchecked((long)u) : Convert.ToInt64(c.Value);
        if (t == typeof(bool)) return v != 0 ? Constant.True : Constant.False;
        unchecked
        {
            object value = t == typeof(uint) ? (uint)v : t == typeof(ulong) ? (ulong)v : t == typeof(long) ? v : t == typeof(byte) ? (byte)v : t == typeof(sbyte) ? (sbyte)v
                : t == typeof(short) ? (short)v : t == typeof(ushort) ? (ushort)v : (object)(int)v;
            return new(value, t);
        }
    }

    /// <summary>As a condition.</summary>
    public static Expr Truth(Expr e) => e.Type == typeof(bool) ? e : new Comparison("!=", e, CTypes.Zero(Promote(e.Type)), false);

    /// <summary>The opposite. Of comparisons of floats the unordered twin: !(a &lt; b) is not a ≥ b where one is NaN.</summary>
    public static Expr Not(Expr e) => e switch
    {
        Comparison c => c with { Op = c.Op switch { "<" => ">=", ">=" => "<", ">" => "<=", "<=" => ">", "==" => "!=", _ => "==" }, Unordered = IsFloat(c.A.Type) && !c.Unordered },
        Unary { Op: "!" } u => u.A,
        Constant k => k.IsZero ? Constant.True : Constant.False,
        Binary { Op: "&&" } b => new Binary("||", Not(b.A), Not(b.B), typeof(bool)),
        Binary { Op: "||" } b => new Binary("&&", Not(b.A), Not(b.B), typeof(bool)),
        _ => new Unary("!", e, typeof(bool)),
    };

    /// <param name="name">An IL comparison or comparing branch without its dots: <c>ceq</c>, <c>blt.un</c>.</param>
    public static Expr Compare(string name, Expr a, Expr b)
    {
        bool un = name.EndsWith(".un", StringComparison.Ordinal);
        string op = name[1..3] switch { "eq" => "==", "ne" => "!=", "lt" => "<", "gt" => ">", "le" => "<=", _ => ">=" };
        if (IsFloat(a.Type)) return new Comparison(op, a, b, op == "!=" || un);
        if (op is "==" or "!=")
        {
            if (a.Type == typeof(bool) && b is Constant k && (k.IsZero || k.Value is 1)) return k.IsZero == (op == "==") ? Not(a) : a;
            if (a is Constant) a = Typed(a, Promote(b.Type));
            else if (b is Constant) b = Typed(b, Promote(a.Type));
            else if (Promote(a.Type) != Promote(b.Type)) (a, b) = (Unsigned(a), Unsigned(b));
            return new Comparison(op, a, b, false);
        }
        if (un && op == ">" && b is Constant { IsZero: true }) return Truth(a);
        return un ? new Comparison(op, Unsigned(a), Unsigned(b), false) : new Comparison(op, Signed(a), Signed(b), false);
    }

    /// <param name="name">An IL operation of two operands: <c>add</c>, <c>shr.un</c>.</param>
    public static Expr Operate(string name, Expr a, Expr b)
    {
        bool un = name.EndsWith(".un", StringComparison.Ordinal);
        string stem = name.Split('.')[0];
        string op = stem switch { "add" => "+", "sub" => "-", "mul" => "*", "div" => "/", "rem" => "%", "and" => "&", "or" => "|", "xor" => "^", "shl" => "<<", _ => ">>" };
        if (stem is "and" or "or" or "xor" && a.Type == typeof(bool) && b.Type == typeof(bool)) return new Binary(op, a, b, typeof(bool));
        if (stem is "and" or "or" or "xor" && (a.Type == typeof(bool) && b is Constant { Value: 0 or 1 } || b.Type == typeof(bool) && a is Constant { Value: 0 or 1 }))
            return new Binary(op, Typed(a, typeof(bool)), Typed(b, typeof(bool)), typeof(bool));
        if (stem is "div" or "rem" or "shr" && !IsFloat(a.Type))
        {
            a = un ? Unsigned(a) : Signed(a);
            if (stem != "shr") b = un ? Unsigned(b) : Signed(b);
        }
        if (stem is "shl" or "shr") return new Binary(op, a, b, Promote(a.Type));
        var type = Common(a.Type, b.Type);
        if (a is Constant) a = Typed(a, type);
        if (b is Constant) b = Typed(b, type);
        // Where the signs differ C would compute without, as is wanted here; nested sums have to do so too.
        if (!IsFloat(type) && type != Promote(a.Type) && IsWide(type) == IsWide(a.Type)) a = Typed(a, type);
        if (!IsFloat(type) && type != Promote(b.Type) && IsWide(type) == IsWide(b.Type)) b = Typed(b, type);
        if (stem == "rem" && IsFloat(type)) return new Intrinsic("Math.Rem", [a, b], type);
        return new Binary(op, a, b, type);
    }

    /// <summary>What follows <c>conv.</c> to make a number of a type.</summary>
    public static string Suffix(Type t) => Type.GetTypeCode(t) switch
    {
        TypeCode.SByte => "i1", TypeCode.Byte => "u1", TypeCode.Int16 => "i2", TypeCode.UInt16 => "u2", TypeCode.Int32 => "i4", TypeCode.UInt32 => "u4",
        TypeCode.Int64 => "i8", TypeCode.UInt64 => "u8", TypeCode.Single => "r4", _ => "r8",
    };

    /// <param name="to">What follows <c>conv.</c></param>
    /// <param name="toFloat32">A <c>conv.r.un</c> whose result is made a float32 at once.</param>
    public static Expr ConvertTo(string to, Expr e, bool toFloat32)
    {
        var type = to switch
        {
            "i1" => typeof(sbyte), "u1" => typeof(byte), "i2" => typeof(short), "u2" => typeof(ushort), "i4" => typeof(int), "u4" => typeof(uint),
            "i8" or "i" => typeof(long), "u8" or "u" => typeof(ulong), "r4" => typeof(float), "r8" => typeof(double), _ => toFloat32 ? typeof(float) : typeof(double),
        };
        if (IsFloat(e.Type) && !IsFloat(type))
        {
            var whole = IsWide(type) || type == typeof(uint) ? type : typeof(int);
            return Typed(new Intrinsic("Convert.Saturate", [e], whole), type);
        }
        if (!IsFloat(e.Type)) e = to is "i8" or "i" or "r4" or "r8" ? Signed(e) : to is "u8" or "u" or "r.un" ? Unsigned(e) : e;
        // A signed sum that becomes 64 bits wide is one whose overflow C leaves open; nothing to do: kernels count in int without overflow.
        return e.Type == type ? e : e is Constant { IsInteger: true } && !IsFloat(type) ? Typed(Widened(e), type) : new Cast(e, type);
    }

    // An unsigned constant must not become a negative one on its way to 64 bits.
    static Expr Widened(Expr e) => e is Constant { Value: uint u } ? new Constant((long)u, typeof(long)) : e;
}
