using System.Globalization;

namespace IlgpuXai.Jit;

/// <summary>Expressions as C, with the parentheses that precedence, and readers, need.</summary>
/// <param name="carvedBytes">Of dynamic shared memory in front of the launch's own.</param>
sealed class ExpressionPrinter(Dialect dialect, CTypes types, Function function, int carvedBytes)
{
    // C's precedence, from weak to strong.
    public const int Postfix = 15;
    const int Conditional = 2, Or = 3, And = 4, BitOr = 5, BitXor = 6, BitAnd = 7, Equality = 8, Relation = 9, Shift = 10, Sum = 11, Product = 12, Prefix = 14, Atom = 16;

    /// <param name="outer">The precedence around it: weaker expressions get parentheses.</param>
    public string Print(Expr e, int outer = 0)
    {
        if (dialect.LoadsVectorsByField && e is Element or Dereference && CTypes.IsVector(e.Type)) return $"load_{types.Name(e.Type)}({Print(Places.Address(e))})";
        return Place(e, outer);
    }

    /// <summary>What stands on the left of an assignment, or is a part of a place.</summary>
    public string Place(Expr e, int outer = 0)
    {
        var (text, level) = Text(e);
        return level < outer ? $"({text})" : text;
    }

    (string Text, int Level) Text(Expr e) => e switch
    {
        Constant c => Literal(c),
        Read r => (r.Local.Name, Atom),
        Unary u => (u.Op + Print(u.A, Postfix), Prefix),
        Binary b => Infix(b),
        Comparison { Unordered: true, Op: not "!=" } c => ($"!({Print(Arithmetic.Not(c))})", Prefix),
        Comparison { Op: "==" or "!=" } c => ($"{Print(c.A, Relation)} {c.Op} {Print(c.B, Relation)}", Equality),
        Comparison c => ($"{Print(c.A, Shift)} {c.Op} {Print(c.B, Shift)}", Relation),
        Cast c => ($"({types.Name(c.Type)}){Print(c.A, Prefix)}", Prefix),
        Select s => ($"{Print(s.Condition, Or)} ? {Print(s.A, Or)} : {Print(s.B, Conditional)}", Conditional),
        Aggregate a => (dialect.Value(types.Name(a.Type), string.Join(", ", a.Values.Select(v => Print(v, Or)))), Postfix),
        Element i => ($"{Print(i.View, Postfix)}[{Print(i.At)}]", Postfix),
        Member { Of: Dereference d } m => ($"{Print(d.Reference, Postfix)}->{CTypes.FieldName(m.Field)}", Postfix),
        Member m => ($"{Place(m.Of, Postfix)}.{CTypes.FieldName(m.Field)}", Postfix),
        Dereference d => ("*" + Print(d.Reference, Prefix), Prefix),
        AddressOf { Place: Element { At: Constant { IsZero: true } } i } => Text(i.View),
        AddressOf a => ("&" + Place(a.Place, Prefix), Prefix),
        Slice s => ($"{Print(s.View, Sum)} + {Print(s.From, Product)}", Sum),
        CastView c => ($"({PointerTo(Views.Element(c.Type), Views.SpaceOf(c.View, function).Value, !IsStoredThrough(c.View))}){Print(c.View, Prefix)}", Prefix),
        LengthOf l => l.Type == typeof(int) ? ($"(int){Length(l.View, Prefix)}", Prefix) : (Length(l.View, Postfix), Postfix),
        ArrayOf a => (a.Array.Name, Atom),
        DynamicShared d => ($"({PointerTo(Views.Element(d.Type), Space.Shared, false)}){(carvedBytes > 0 ? $"(dynamic_shared + {carvedBytes})" : "dynamic_shared")}", Prefix),
        Call c => ($"{c.Callee.Target!.Name}({string.Join(", ", c.Callee.Target.Parameters.Zip(c.Arguments).SelectMany(p => Argument(p.First, p.Second)))})", Postfix),
        Intrinsic i => Known(i),
        _ => throw new NotSupportedException($"{e.GetType().Name} has no text"),
    };

    IEnumerable<string> Argument(Local parameter, Expr argument)
    {
        yield return Print(argument, Or);
        if (parameter.IsLengthUsed) yield return Length(argument, Or);
    }

    (string, int) Known(Intrinsic i)
    {
        if (i.Name == "View.IsValid") return ($"{Print(i.Arguments[0], Relation)} != 0", Equality);
        string text = dialect.Intrinsic(i, [.. i.Arguments.Select(a => Print(a, Or))], a => Views.SpaceOf(a, function).Value);
        // A cast before a call, or the argument itself where a warp has one lane.
        return (text, text.StartsWith('(') ? Prefix : text.Any(c => " -?".Contains(c)) && !text.EndsWith(')') ? 0 : Postfix);
    }

    /// <summary>A view's number of elements.</summary>
    public string Length(Expr view, int outer) => view switch
    {
        Read r => Naming.LengthName(r.Local),
        ArrayOf a => a.Array.ArrayLength.ToString(CultureInfo.InvariantCulture),
        Slice { Count: { } count } => Print(count, outer),
        Slice s => $"({Length(s.View, Sum)} - {Print(s.From, Product)})",
        CastView c => $"({Length(c.View, Product)} * {CTypes.SizeOf(Views.Element(c.View.Type))} / {CTypes.SizeOf(Views.Element(c.Type))})",
        Select s => $"({Print(s.Condition, Or)} ? {Length(s.A, Or)} : {Length(s.B, Conditional)})",
        Aggregate => "0",
        DynamicShared d => $"({types.Name(typeof(long))})(dynamic_shared_bytes / {CTypes.SizeOf(Views.Element(d.Type))})",
        _ => throw new NotSupportedException($"{view.GetType().Name} has no length"),
    };

    public string PointerTo(Type element, Space space, bool isConst, bool isRestrict = false) => dialect.Pointer(types.Name(element, inMemory: true), space, isConst, isRestrict);

    static bool IsStoredThrough(Expr view) => view switch
    {
        Read r => r.Local.IsStoredThrough,
        Slice s => IsStoredThrough(s.View),
        CastView c => IsStoredThrough(c.View),
        _ => true,
    };

    (string, int) Infix(Binary b)
    {
        int level = b.Op switch { "*" or "/" or "%" => Product, "+" or "-" => Sum, "<<" or ">>" => Shift, "&" => BitAnd, "^" => BitXor, "|" => BitOr, "&&" => And, _ => Or };
        // Compilers warn, and readers stumble, where bit operations mix with others without parentheses.
        int inner = level is BitAnd or BitXor or BitOr or Shift ? Prefix - 1 : b.Op == "||" ? And + 1 : level;
        return ($"{Print(b.A, inner)} {b.Op} {Print(b.B, level is And or Or ? inner : Math.Max(inner, level + 1))}", level);
    }

    (string, int) Literal(Constant c)
    {
        string text = c.Type == typeof(bool) ? c.IsZero ? "false" : "true" : c.Value switch
        {
            float.PositiveInfinity or double.PositiveInfinity => dialect.Infinity,
            float.NegativeInfinity or double.NegativeInfinity => "-" + dialect.Infinity,
            float.NaN or double.NaN => dialect.NaN,
            float f => Dotted(f.ToString("R", CultureInfo.InvariantCulture)) + "f",
            double d => Dotted(d.ToString("R", CultureInfo.InvariantCulture)),
            int.MinValue => "(-2147483647 - 1)",
            long.MinValue => $"(-9223372036854775807{dialect.LongSuffix} - 1)",
            uint u => $"{u}u",
            long l => $"{l}{dialect.LongSuffix}",
            ulong u => $"{u}u{dialect.LongSuffix}",
            var other => Convert.ToInt64(other).ToString(CultureInfo.InvariantCulture),
        };
        return (text, text[0] == '-' ? Prefix : Atom);
    }

    static string Dotted(string number) => number.Contains('.') || number.Contains('E') ? number : number + ".0";
}
