using System.Buffers.Binary;
using System.Net;

namespace MiniPlane.Workloads.Addresses;

/// <summary>One address after the other from an IPv4 range, without its first and last; freed ones come again last.</summary>
internal sealed class RangeAddresses : IPodAddressAllocator
{
    // Guards the fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, uint> _ofPod = new(StringComparer.Ordinal);
    private readonly HashSet<uint> _used = [];
    private readonly uint _first;
    private readonly uint _count;
    private uint _next;

    public RangeAddresses(IPNetwork range)
    {
        _first = BinaryPrimitives.ReadUInt32BigEndian(range.BaseAddress.GetAddressBytes()) + 1;
        _count = (uint)((1L << (32 - range.PrefixLength)) - 2);
    }

    public string Allocate(string podUid, bool isHostNetwork)
    {
        if (isHostNetwork)
        {
            return "";
        }

        lock (_gate)
        {
            if (_ofPod.TryGetValue(podUid, out uint known))
            {
                return ToText(known);
            }

            for (uint tried = 0; tried < _count; tried++)
            {
                uint address = _first + (_next++ % _count);
                if (_used.Add(address))
                {
                    _ofPod[podUid] = address;
                    return ToText(address);
                }
            }
        }

        return "";
    }

    public void Reserve(string podUid, string address)
    {
        if (!IPAddress.TryParse(address, out IPAddress? parsed) || parsed.GetAddressBytes() is not { Length: 4 } bytes)
        {
            return;
        }

        uint number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        lock (_gate)
        {
            if (number >= _first && number < _first + _count && _used.Add(number))
            {
                _ofPod[podUid] = number;
                _next = number - _first + 1;
            }
        }
    }

    public void Release(string podUid)
    {
        lock (_gate)
        {
            if (_ofPod.Remove(podUid, out uint address))
            {
                _used.Remove(address);
            }
        }
    }

    private static string ToText(uint address)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
