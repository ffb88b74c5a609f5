namespace MiniPlane.Objects.Catalogue;

/// <summary>How a field holds its element type.</summary>
public enum FieldShape
{
    /// <summary>One value.</summary>
    Single,

    /// <summary>A JSON array of values.</summary>
    List,

    /// <summary>A JSON object from strings to values.</summary>
    Map,

    /// <summary>A JSON object from strings to arrays of values.</summary>
    MapOfLists,
}
