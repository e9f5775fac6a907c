/** Numbers by country as the option of a map; pure. */
import type { EChartsCoreOption } from 'echarts/core'
import { exactNumber } from './numbers'
import { countryName } from '../components/country'

export interface CountryValue {
  /** Two letters. */
  code: string
  value: number
}

interface Hovered {
  name: string
  data?: { value: number }
}

export function worldOption(values: readonly CountryValue[]): EChartsCoreOption {
  const most = Math.max(1, ...values.map(({ value }) => value))
  return {
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: (item: unknown) => {
        const { name, data } = item as Hovered
        return `${countryName(name)}\n${data ? exactNumber(data.value) : 'None'}`
      },
    },
    visualMap: {
      type: 'continuous',
      min: 0,
      max: most,
      left: 0,
      bottom: 0,
      itemHeight: 80,
      itemWidth: 10,
      text: [exactNumber(most), '0'],
      textStyle: { color: 'var(--text-soft)' },
      inRange: { color: ['var(--map-least)', 'var(--map-most)'] },
    },
    series: [
      {
        type: 'map',
        map: 'world',
        roam: false,
        selectedMode: false,
        top: 4,
        bottom: 4,
        left: 4,
        right: 4,
        preserveAspect: 'contain',
        itemStyle: { areaColor: 'var(--line)', borderColor: 'var(--surface)', borderWidth: 0.5 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: 'var(--series-2)' } },
        data: values.map(({ code, value }) => ({ name: code, value })),
      },
    ],
  }
}
